import type { Channel, Problem, Recording, Role, Session, TranscriptInfo, Turn } from '../session/index.ts';
import { sessionSchema } from '../session/index.ts';
import { readsAutomatic } from './auto-reply.ts';
import { detectLanguage } from './language.ts';
import { count, failure, listIssues, notice } from './problems.ts';
import { isRoleWord, speakerOf } from './speakers.ts';
import { placeOnClock } from './timing.ts';
import type { FormatItem, LooseMessage, Settings } from './types.ts';

/** What a format knows of a session. `assemble` adds clock, speakers, language and checks the whole. */
export interface Parts {
  path: string;
  entry: string | null;
  /** How problems name this session: path, entry, line. */
  place: string;
  id: string | null;
  idCandidates: string[];
  channel: Channel;
  language: string | null;
  agentId: string | null;
  customerId: string | null;
  team: string | null;
  queue: string | null;
  startedAt: string | null;
  attributes: Record<string, unknown>;
  /** Complete, as an earlier run of earwitness wrote it. */
  recording: Recording | null;
  transcript: TranscriptInfo | null;
  messages: LooseMessage[];
  recordingPath: string | null;
  channelRoles: Role[] | null;
  notices: Problem[];
}

/** An empty message to fill in. */
export function looseMessage(fields: Partial<LooseMessage> & { text: string }): LooseMessage {
  return {
    labels: [],
    speaker: null,
    author: null,
    time: null,
    startMs: null,
    endMs: null,
    visibility: 'public',
    auto: null,
    words: null,
    confidence: null,
    ...fields,
  };
}

/** Makes a session of its parts: clock, speakers, automatic replies, language, transcript, final check. */
export function assemble(parts: Parts, settings: Settings): FormatItem {
  const { place } = parts;
  if (parts.recordingPath === null && parts.messages.every((message) => message.text.trim() === ''))
    return failure(
      'session-empty',
      place,
      parts.messages.length === 0 ? 'The session has no turns.' : 'No turn of the session has any text.',
      'Give at least one turn, or a recording to transcribe.',
    );
  const clock = placeOnClock(parts.messages, parts.channel, settings.timeZone, place);
  const turns = clock.order.map(({ index, startMs, endMs }, i) =>
    toTurn(parts.messages[index]!, i + 1, { startMs, endMs }, parts, settings),
  );
  const attributes = { ...parts.attributes };
  if (
    clock.startedAt !== null &&
    parts.startedAt !== null &&
    Date.parse(parts.startedAt) !== Date.parse(clock.startedAt)
  )
    attributes.startedAt = parts.startedAt;
  const session: Session = {
    id: parts.id ?? parts.idCandidates[0] ?? place,
    channel: parts.channel,
    language: parts.language ?? detectLanguage(sampleText(turns), settings.defaultLanguage),
    agentId: parts.agentId ?? (parts.channel === 'call' ? null : firstAgent(turns)),
    customerId: parts.customerId,
    team: parts.team,
    queue: parts.queue,
    startedAt: clock.startedAt ?? parts.startedAt,
    attributes,
    recording: parts.recording,
    transcript: parts.transcript ?? transcriptOf(parts.channel, turns),
    turns,
  };
  const checked = sessionSchema.safeParse(session);
  if (!checked.success)
    return failure(
      'session-invalid',
      place,
      listIssues(checked.error.issues),
      'See docs/reference/inputs.md for the shape of a session.',
    );
  return {
    kind: 'session',
    session: checked.data,
    recordingPath: parts.recordingPath,
    channelRoles: parts.channelRoles,
    source: { path: parts.path, entry: parts.entry },
    notices: [...parts.notices, ...(turns.length > 0 ? clock.notices : []), ...unknownSpeakers(turns, place)],
    idCandidates: parts.id === null ? parts.idCandidates : [],
  };
}

function toTurn(
  message: LooseMessage,
  n: number,
  times: Pick<Turn, 'startMs' | 'endMs'>,
  parts: Parts,
  settings: Settings,
): Turn {
  const names = { agent: parts.agentId, customer: parts.customerId };
  let speaker = message.speaker;
  for (const label of message.labels) speaker ??= speakerOf(label, names, settings.speakers);
  const author = message.author ?? message.labels.find((label) => !isRoleWord(label)) ?? null;
  const turn: Turn = { n, speaker: speaker ?? 'unknown', ...times, text: message.text, visibility: message.visibility };
  if (message.words) turn.words = message.words;
  if (message.confidence !== null) turn.confidence = message.confidence;
  const automatic =
    message.auto ??
    (parts.channel !== 'call' && turn.speaker !== 'customer' && readsAutomatic(message.text) ? true : null);
  if (automatic !== null) turn.auto = automatic;
  if (author !== null) turn.author = author;
  return turn;
}

function firstAgent(turns: readonly Turn[]): string | null {
  return (
    turns.find((turn) => turn.speaker === 'agent' && turn.author !== undefined && turn.auto !== true)?.author ?? null
  );
}

function sampleText(turns: readonly Turn[]): string {
  let text = '';
  for (const turn of turns) {
    if (turn.speaker !== 'system') text += turn.text + '\n';
    if (text.length > 20_000) break;
  }
  return text;
}

function transcriptOf(channel: Channel, turns: readonly Turn[]): TranscriptInfo {
  const confidences = turns.flatMap((turn) => {
    const words = (turn.words ?? []).flatMap((word) => word.confidence ?? []);
    return words.length > 0 ? words : (turn.confidence ?? []);
  });
  return {
    origin: channel !== 'call' ? 'written' : turns.length > 0 ? 'given' : 'recognised',
    recogniser: null,
    confidence: confidences.length > 0 ? confidences.reduce((a, b) => a + b, 0) / confidences.length : null,
    wordTimes: turns.some((turn) => (turn.words?.length ?? 0) > 0),
    caveats: [],
  };
}

function unknownSpeakers(turns: readonly Turn[], place: string): Problem[] {
  const unknown = turns.filter((turn) => turn.speaker === 'unknown');
  if (unknown.length === 0) return [];
  const labels = [...new Set(unknown.flatMap((turn) => turn.author ?? []))].slice(0, 5);
  const named = labels.length > 0 ? ` (${labels.map((label) => JSON.stringify(label.slice(0, 40))).join(', ')})` : '';
  return [
    notice(
      'speaker-unknown',
      place,
      `${unknown.length} of ${count(turns.length, 'turn')} name no speaker known here${named}; rules about the speaker answer "unknown" there.`,
      'Label each message agent, customer, bot or system, or map your own labels in the settings.',
    ),
  ];
}
