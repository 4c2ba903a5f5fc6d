import type { RecognisedWord, Recognition } from '../recogniser.ts';

/** What sherpa-onnx answers for one stream. Times in seconds from the first sample. */
export interface SherpaResult {
  text: string;
  tokens: string[];
  timestamps: number[];
  durations?: number[];
  ys_log_probs?: number[];
  lang?: string;
}

/** A word whose end nobody states is taken to last no longer than this. */
const longestWordMs = 600;

/**
 * Words from tokens. A token that begins with a space (sentence-piece `▁`) opens a word, as does every Han or kana
 * character; punctuation stays with the word before it. CTC states only where a token begins: a word ends where the
 * next begins, at most 600 ms after its last token. Without token times `words` is null.
 */
export function recognitionOf(result: SherpaResult, audioMs: number): Recognition {
  const text = result.text.trim();
  const language = /^<\|([a-z]{2,3})\|>$/.exec(result.lang ?? '')?.[1] ?? null;
  const tokens = joinBytes(result);
  if (text === '' || tokens.length === 0 || result.timestamps.length !== result.tokens.length)
    return { text, words: text === '' ? [] : null, language };
  const words: (RecognisedWord & { logs: number[]; stated: boolean })[] = [];
  for (const token of tokens) {
    const written = token.text.trim();
    if (written === '') continue;
    const spaced = token.text.startsWith(' ');
    const last = words.at(-1);
    const startMs = Math.min(audioMs, Math.round(token.start * 1000));
    const endMs = Math.round((token.start + token.duration) * 1000);
    if (last && !opensWord(written, spaced, last.text)) {
      last.text += written;
      if (isPunctuation(written)) continue;
      last.endMs = Math.max(last.endMs, endMs);
      last.stated = token.duration > 0;
      if (token.log !== null) last.logs.push(token.log);
    } else {
      const logs = token.log === null ? [] : [token.log];
      words.push({ text: written, startMs, endMs, confidence: null, spaced, logs, stated: token.duration > 0 });
    }
  }
  return {
    text,
    language,
    words: words.map(({ logs, stated, ...word }, i) => {
      const limit = Math.max(word.startMs, Math.min(words[i + 1]?.startMs ?? audioMs, audioMs));
      const end = stated ? word.endMs : word.endMs + longestWordMs;
      const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
      return {
        ...word,
        endMs: Math.max(word.startMs, Math.min(end, limit)),
        confidence: logs.length > 0 ? Math.min(1, Math.exp(mean)) : null,
      };
    }),
  };
}

const ideograph = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

function opensWord(token: string, spaced: boolean, previous: string): boolean {
  if (isPunctuation(token)) return false;
  return spaced || ideograph.test(token) || ideograph.test([...previous].at(-1) ?? '');
}

const isPunctuation = (token: string) => /^[\p{P}]+$/u.test(token) && !/^['’-]$/.test(token);

interface TimedToken {
  text: string;
  start: number;
  duration: number;
  log: number | null;
}

/** Byte-fallback tokens (`<0xE7>`) joined into the characters that they spell. */
function joinBytes(result: SherpaResult): TimedToken[] {
  const tokens: TimedToken[] = [];
  let bytes: number[] = [];
  for (const [i, text] of result.tokens.entries()) {
    const timed = {
      text,
      start: result.timestamps[i] ?? 0,
      duration: result.durations?.[i] ?? 0,
      log: result.ys_log_probs?.[i] ?? null,
    };
    const byte = /^<0x([0-9A-F]{2})>$/.exec(text)?.[1];
    const last = tokens.at(-1);
    if (byte === undefined) {
      bytes = [];
      tokens.push(timed);
      continue;
    }
    bytes.push(parseInt(byte, 16));
    if (bytes.length === 1 || !last) tokens.push({ ...timed, text: '' });
    const decoded = new TextDecoder('utf-8').decode(new Uint8Array(bytes));
    tokens.at(-1)!.text = decoded.includes('\uFFFD') ? '' : decoded;
    if (tokens.at(-1)!.text !== '') bytes = [];
  }
  return tokens;
}
