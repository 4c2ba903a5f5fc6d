import type { AudioFacts, Role, Span } from '../session/index.ts';
import { gapsBetween, intersectSpans, mergeSpans } from '../session/index.ts';
import { FRAME_MS, type Levels, SILENCE_DB, toDb } from './levels.ts';

const MAX_PEAKS = 1000;
const MIN_SILENCE_MS = 1000;
/** A gap is a hold when half of it is this much louder than the channel's quietest tenth, and can be heard at all. */
const HOLD_ABOVE_FLOOR_DB = 10;
const HOLD_LOWEST_DB = -50;
const HOLD_SHARE = 0.5;
/** A recording that is mostly music has no quiet tenth: a floor above this is not believed. */
const HIGHEST_FLOOR_DB = -45;

/** What was gathered about one channel while it streamed by. */
export interface ChannelFacts {
  role: Role;
  levels: Levels;
  /** Ordered. */
  speech: Span[];
}

/** Sums up a recording. Overlaps are told only where agent and customer have channels of their own. */
export function summarise(
  channels: readonly ChannelFacts[],
  about: { durationMs: number; identicalChannels: boolean; vad: AudioFacts['vad'] },
): AudioFacts {
  const spoken = channels.map((channel) => mergeSpans(channel.speech));
  const side = (role: Role) => mergeSpans(spoken.filter((_, index) => channels[index]!.role === role).flat());
  const overlapTrusted = ['agent', 'customer'].every((role) => channels.some((channel) => channel.role === role));
  const everyone = mergeSpans(spoken.flat());
  const sounds = soundOf(channels);
  return {
    durationMs: about.durationMs,
    identicalChannels: about.identicalChannels,
    channels: channels.map(({ role, levels }, index) => ({
      role,
      speech: spoken[index]!.map((stretch) => withLoudness(levels, stretch)),
      ...loudness(levels, spoken[index]!, about.durationMs),
      clipped: levels.clippedShare,
      peaks: levels.peaks(MAX_PEAKS),
    })),
    silences: gapsBetween(everyone, 0, about.durationMs)
      .filter((gap) => gap.endMs - gap.startMs >= MIN_SILENCE_MS)
      .map((gap) => ({ ...gap, hold: shareOf(gap, sounds) >= HOLD_SHARE })),
    overlaps: overlapTrusted ? intersectSpans(side('agent'), side('customer')) : [],
    overlapTrusted,
    vad: about.vad,
  };
}

/** Mean power inside and outside of speech. */
function loudness(
  levels: Levels,
  speech: readonly Span[],
  durationMs: number,
): { speechDb: number | null; noiseDb: number | null } {
  return { speechDb: meanDb(levels, speech), noiseDb: meanDb(levels, gapsBetween(speech, 0, durationMs)) };
}

/** A stretch of speech with its mean power; one shorter than a frame of 20 ms has none. */
function withLoudness(levels: Levels, stretch: Span): Span & { db?: number } {
  const db = meanDb(levels, [stretch]);
  return db === null ? stretch : { ...stretch, db };
}

function meanDb(levels: Levels, spans: readonly Span[]): number | null {
  let sum = 0;
  let frames = 0;
  for (const span of spans) {
    for (let frame = Math.ceil(span.startMs / FRAME_MS); (frame + 1) * FRAME_MS <= span.endMs; frame++) {
      const db = levels.db(frame);
      if (db > SILENCE_DB) sum += 10 ** (db / 10);
      frames++;
    }
  }
  return frames === 0 ? null : Math.round(toDb(sum / frames) * 10) / 10;
}

/** Tells for a frame whether any channel sounds well above its own noise floor. */
function soundOf(channels: readonly ChannelFacts[]): (frame: number) => boolean {
  const thresholds = channels.map(({ levels }) =>
    Math.max(HOLD_LOWEST_DB, Math.min(HIGHEST_FLOOR_DB, levels.percentile(0.1)) + HOLD_ABOVE_FLOOR_DB),
  );
  return (frame) => channels.some(({ levels }, index) => levels.db(frame) > thresholds[index]!);
}

function shareOf(gap: Span, sounds: (frame: number) => boolean): number {
  const first = Math.ceil(gap.startMs / FRAME_MS);
  const end = Math.floor(gap.endMs / FRAME_MS);
  let sounding = 0;
  for (let frame = first; frame < end; frame++) if (sounds(frame)) sounding++;
  return end > first ? sounding / (end - first) : 0;
}
