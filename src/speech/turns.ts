import type { Role, Speaker, Turn, Word } from '../session/index.ts';

/** What was recognised in one stretch of speech, on the recording's clock. */
export interface Utterance {
  channel: number;
  role: Role;
  /** Bounds of the speech as voice activity found it. */
  startMs: number;
  endMs: number;
  /** Never empty. */
  text: string;
  words: UtteranceWord[] | null;
}

export interface UtteranceWord {
  text: string;
  startMs: number;
  endMs: number;
  confidence: number | null;
  spaced: boolean;
}

/**
 * A pause of this length within one speaker's words begins a new turn. 0.8 s is well above the pauses inside a phrase
 * (0.2–0.5 s) and below the shortest silence that a timing rule looks at (1 s), so that no measured silence can hide
 * inside a turn.
 */
const pauseMs = 800;

const speakers: Record<Role, Speaker> = { agent: 'agent', customer: 'customer', mixed: 'unknown' };

/** One indivisible piece of a turn: a word, or a whole utterance where the recogniser gives no word times. */
interface Piece {
  text: string;
  startMs: number;
  endMs: number;
  confidence: number | null;
  spaced: boolean;
  isWord: boolean;
}

/**
 * Turns from what was recognised on all channels. Each channel is cut at its own pauses only, so that a back-channel
 * ("mm-hm") spoken into the other side's words stays a short turn of its own and does not cut the other's turn in two.
 * Turns are ordered by start (then by end, then by channel) and numbered from 1; their times are those of their first
 * and last word.
 */
export function buildTurns(utterances: readonly Utterance[]): Turn[] {
  const channels = [...new Set(utterances.map((utterance) => utterance.channel))].sort((a, b) => a - b);
  return channels
    .flatMap((channel) => {
      const own = utterances.filter((utterance) => utterance.channel === channel);
      const speaker = speakers[own[0]!.role];
      return cutAtPauses(own.flatMap(piecesOf)).map((pieces) => ({ channel, turn: turnOf(pieces, speaker) }));
    })
    .sort((a, b) => a.turn.startMs - b.turn.startMs || a.turn.endMs - b.turn.endMs || a.channel - b.channel)
    .map(({ turn }, i) => ({ n: i + 1, ...turn }));
}

function piecesOf(utterance: Utterance): Piece[] {
  const { text, words, startMs, endMs } = utterance;
  if (words) return words.map((word) => ({ ...word, isWord: true }));
  return [{ text, startMs, endMs, confidence: null, spaced: true, isWord: false }];
}

function cutAtPauses(pieces: Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let endMs = -Infinity;
  for (const piece of pieces.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)) {
    const group = groups.at(-1);
    if (group && piece.startMs - endMs < pauseMs) group.push(piece);
    else groups.push([piece]);
    endMs = Math.max(endMs, piece.endMs);
  }
  return groups;
}

function turnOf(pieces: Piece[], speaker: Speaker) {
  const confidence = meanConfidence(pieces);
  return {
    speaker,
    startMs: pieces[0]!.startMs,
    endMs: Math.max(...pieces.map((piece) => piece.endMs)),
    text: joinText(pieces),
    ...(pieces.every((piece) => piece.isWord) ? { words: pieces.map(wordOf) } : {}),
    ...(confidence === null ? {} : { confidence }),
    visibility: 'public' as const,
  };
}

function wordOf({ text, startMs, endMs, confidence }: Piece): Word {
  return { text, startMs, endMs, ...(confidence === null ? {} : { confidence }) };
}

const endsIdeographic = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。？！、；：]$/u;

function joinText(pieces: readonly Piece[]): string {
  let text = '';
  for (const piece of pieces)
    text += (text !== '' && piece.spaced && !endsIdeographic.test(text) ? ' ' : '') + piece.text;
  return text;
}

/** Mean over those that have one; null where none has. */
export function meanConfidence(words: readonly { confidence?: number | null | undefined }[]): number | null {
  const known = words.map((word) => word.confidence).filter((value) => typeof value === 'number');
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
