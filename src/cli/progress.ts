import cliProgress from 'cli-progress';
import type { BatchEvent } from '../pipeline/index.ts';
import type { Problem, UiLanguage } from '../session/index.ts';

/** Shows a batch's progress on standard error: a bar on a terminal, plain lines elsewhere. */
export interface Progress {
  on(event: BatchEvent): void;
  done(): void;
}

interface Counts {
  found: number;
  heard: number;
  inspected: number;
  failed: number;
}

export function progressKind(quiet: boolean): 'bar' | 'lines' | 'none' {
  if (quiet) return 'none';
  return process.stderr.isTTY && process.env['CI'] !== 'true' ? 'bar' : 'lines';
}

/** `kind`: `bar` on a terminal, `lines` in CI or a pipe, `none` with --quiet. */
export function createProgress(
  kind: 'bar' | 'lines' | 'none',
  stream: NodeJS.WriteStream,
  language: UiLanguage = 'en',
): Progress {
  if (kind === 'none') return { on: () => undefined, done: () => undefined };
  return kind === 'bar' ? bar(stream, language) : lines(stream, language);
}

function count(counts: Counts, event: BatchEvent): void {
  if (event.type === 'found') counts.found++;
  else if (event.type === 'transcribed') counts.heard++;
  else if (event.type === 'inspected') counts.inspected++;
  else if (event.type === 'failed') counts.failed++;
}

function bar(stream: NodeJS.WriteStream, language: UiLanguage): Progress {
  const counts: Counts = { found: 0, heard: 0, inspected: 0, failed: 0 };
  const parts = new Map<string, number>();
  const shown = new cliProgress.SingleBar(
    {
      format:
        language === 'zh'
          ? '{bar} {recordings}，{percentage}% · 已质检 {inspected}{failed} · 剩余 {eta_formatted}'
          : '{bar} {percentage}% of {recordings} · {inspected} inspected{failed} · {eta_formatted} left',
      stream,
      hideCursor: true,
      clearOnComplete: true,
      formatTime: remaining,
      etaBuffer: 50,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  const payload = () => ({
    recordings: language === 'zh' ? `${counts.found} 个录音` : plural(counts.found, 'recording'),
    inspected: language === 'zh' ? `${counts.inspected} 个会话` : plural(counts.inspected, 'session'),
    failed: counts.failed === 0 ? '' : language === 'zh' ? `，${counts.failed} 处失败` : `, ${counts.failed} failed`,
  });
  return {
    on(event) {
      count(counts, event);
      if (event.type === 'transcribing') parts.set(event.id, event.fraction);
      if (event.type === 'transcribed') parts.delete(event.id);
      if (counts.found === 0) return;
      if (!started) {
        shown.start(counts.found, 0, payload());
        started = true;
      }
      shown.setTotal(counts.found);
      const partly = [...parts.values()].reduce((sum, part) => sum + part, 0);
      shown.update(Math.min(counts.found, counts.heard + partly), payload());
    },
    done() {
      if (started) shown.stop();
    },
  };
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Seconds as `1:04`; a dash as long as nothing can be said, which the bar tells by a word in their place. */
function remaining(seconds: number | string): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function lines(stream: NodeJS.WriteStream, language: UiLanguage): Progress {
  const counts: Counts = { found: 0, heard: 0, inspected: 0, failed: 0 };
  const zh = language === 'zh';
  const heard = ({ path, kept }: Extract<BatchEvent, { type: 'transcribed' }>) =>
    zh
      ? `已识别第 ${counts.heard} 个录音，共 ${counts.found} 个：${path}${kept ? '（沿用上次结果）' : ''}`
      : `heard ${counts.heard} of ${counts.found} recordings: ${path}${kept ? ' (kept from an earlier run)' : ''}`;
  return {
    on(event) {
      count(counts, event);
      if (event.type === 'recogniser') {
        const { name, reason } = event.choice;
        const who = zh ? `${event.language} 语音识别：${name}。` : `recogniser for ${event.language}: ${name}. `;
        stream.write(`${who}${reason[language]}\n`);
      } else if (event.type === 'transcribed') stream.write(`${heard(event)}\n`);
      else if (event.type === 'failed') stream.write(`${failureLine(event.problem, language)}\n`);
    },
    done: () => undefined,
  };
}

/** What is wrong, where, and what to do, in one line. */
export function failureLine({ path, message, hint }: Problem, language: UiLanguage = 'en'): string {
  return `${language === 'zh' ? '失败：' : 'failed: '}${path}: ${message}${hint ? ` ${hint}` : ''}`;
}
