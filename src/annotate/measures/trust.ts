import type { AudioFacts, Localised, Session, Turn } from '../../session/index.ts';
import { countWords } from '../../text/index.ts';

/** Turns of a merged stereo transcript may be listed a little out of order; more is a broken clock. */
const tolerableBackMs = 1000;

/** Why timing rules cannot rely on this session's times; null when they can. */
export function timesNote(session: Session, turns: readonly Turn[]): Localised | null {
  if (turns.length === 0) return { en: 'There are no turns, so nothing can be timed.', zh: '没有任何发言，无法计时。' };
  const untimed = turns.find(({ startMs, endMs }) => startMs === null || endMs === null);
  if (untimed)
    return {
      en: `Turn ${untimed.n} has no time; timing rules need one for every turn.`,
      zh: `第 ${untimed.n} 轮没有时间，计时类规则需要每一轮都有时间。`,
    };
  const reversed = turns.find(({ startMs, endMs }) => endMs! < startMs!);
  if (reversed)
    return { en: `Turn ${reversed.n} ends before it starts.`, zh: `第 ${reversed.n} 轮的结束时间早于开始时间。` };
  const back = turns.find((turn, i) => i > 0 && turns[i - 1]!.startMs! - turn.startMs! > tolerableBackMs);
  if (back)
    return {
      en: `Turn ${back.n} starts before the turn that precedes it; the clock of this transcript runs backwards.`,
      zh: `第 ${back.n} 轮的开始时间早于前一轮，转写文本的时间顺序错乱。`,
    };
  if (session.channel !== 'call') return null;
  const endless = turns.find(({ startMs, endMs, text }) => startMs === endMs && countWords(text, session.language) > 1);
  if (endless)
    return {
      en: `Turn ${endless.n} has a start but no end, so pauses and talk-over cannot be measured.`,
      zh: `第 ${endless.n} 轮只有开始时间、没有结束时间，无法测量静音和抢话。`,
    };
  return null;
}

/** Whether talk-over can be told: two parties known apart, on a clock that holds, in sound that keeps them apart. */
export function overlapTrusted(
  session: Session,
  turns: readonly Turn[],
  audio: AudioFacts | null,
  timesTrusted: boolean,
): boolean {
  if (session.channel !== 'call' || !timesTrusted) return false;
  if (turns.some(({ speaker }) => speaker === 'unknown')) return false;
  if (audio) return audio.overlapTrusted && !audio.identicalChannels;
  const roles = session.recording?.roles;
  return roles === undefined || (roles.includes('agent') && roles.includes('customer'));
}
