import type { AudioFacts, Session, Speaker, Turn } from '../../session/index.ts';

type Line = [speaker: Speaker, startS: number | null, endS: number | null, text: string, extra?: Partial<Turn>];

/** A session from short lines; times in seconds as in the regression fixtures. */
export function sessionOf(channel: Session['channel'], language: string, lines: Line[]): Session {
  const ms = (seconds: number | null) => (seconds === null ? null : Math.round(seconds * 1000));
  return {
    id: 'test',
    channel,
    language,
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: null,
    attributes: {},
    recording: null,
    transcript: { origin: 'given', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: lines.map(([speaker, start, end, text, extra], i) => ({
      n: i + 1,
      speaker,
      startMs: ms(start),
      endMs: ms(end),
      text,
      visibility: 'public',
      ...extra,
    })),
  };
}

/** What a two-channel recording says, with the given gaps and voices. */
export function audioOf(durationMs: number, parts: Partial<AudioFacts> = {}): AudioFacts {
  return {
    durationMs,
    identicalChannels: false,
    channels: [],
    silences: [],
    overlaps: [],
    overlapTrusted: true,
    vad: { name: 'test', version: '1' },
    ...parts,
  };
}
