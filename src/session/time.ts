import type { Span } from './annotations.ts';
import type { Turn } from './session.ts';

/** Length of the common part of two spans in ms, 0 when they do not touch. */
export function overlapMs(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));
}

/** Union of spans as ordered, disjoint spans; those closer than `joinMs` become one. */
export function mergeSpans(spans: readonly Span[], joinMs = 0): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last && span.startMs <= last.endMs + joinMs) last.endMs = Math.max(last.endMs, span.endMs);
    else merged.push({ startMs: span.startMs, endMs: span.endMs });
  }
  return merged;
}

/** Common parts of two lists of ordered, disjoint spans, in one pass. */
export function intersectSpans(a: readonly Span[], b: readonly Span[]): Span[] {
  const common: Span[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i]!;
    const y = b[j]!;
    const startMs = Math.max(x.startMs, y.startMs);
    const endMs = Math.min(x.endMs, y.endMs);
    if (startMs < endMs) common.push({ startMs, endMs });
    if (x.endMs < y.endMs) i++;
    else j++;
  }
  return common;
}

/** What `spans` (ordered, disjoint) leave uncovered between `startMs` and `endMs`. */
export function gapsBetween(spans: readonly Span[], startMs: number, endMs: number): Span[] {
  const gaps: Span[] = [];
  let at = startMs;
  for (const span of spans) {
    if (span.startMs > at) gaps.push({ startMs: at, endMs: Math.min(span.startMs, endMs) });
    at = Math.max(at, span.endMs);
    if (at >= endMs) return gaps;
  }
  if (at < endMs) gaps.push({ startMs: at, endMs });
  return gaps;
}

/** A time on the clock as the desk shows it: 72400 → `01:12.4`, with hours only when there are any. */
export function formatClock(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const tenths = Math.floor(Math.abs(ms) / 100);
  const seconds = Math.floor(tenths / 10);
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const clock = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${tenths % 10}`;
  return sign + (hours > 0 ? `${hours}:${clock}` : clock);
}

/** A length of time as the desk shows it, in English or Chinese: 64000 → `1 min 04 s` / `1 分 04 秒`. */
export function formatDuration(ms: number, language: 'en' | 'zh'): string {
  const unit = language === 'zh' ? { h: ' 小时', m: ' 分', s: ' 秒' } : { h: ' h', m: ' min', s: ' s' };
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))}${unit.s}`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${unit.m} ${String(seconds % 60).padStart(2, '0')}${unit.s}`;
  return `${Math.floor(minutes / 60)}${unit.h} ${String(minutes % 60).padStart(2, '0')}${unit.m}`;
}

const durationUnits: Record<string, number> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `10s`, `1.5 min`, `4h`, `250ms`, `2d` → ms; null when it is not a duration. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)\s*$/.exec(text);
  return match ? Math.round(Number(match[1]) * durationUnits[match[2]!]!) : null;
}

/** Start of the words `[charStart, charEnd)` of a turn from its word times; falls back to the turn's own times. */
export function timeOfChars(
  turn: Turn,
  charStart: number,
  charEnd: number,
): { startMs: number | null; endMs: number | null } {
  if (turn.words && turn.words.length > 0) {
    let at = 0;
    let startMs: number | null = null;
    let endMs: number | null = null;
    for (const word of turn.words) {
      const found = turn.text.indexOf(word.text, at);
      if (found < 0) continue;
      at = found + word.text.length;
      if (found < charEnd && at > charStart) {
        startMs ??= word.startMs;
        endMs = word.endMs;
      }
    }
    if (startMs !== null) return { startMs, endMs };
  }
  return { startMs: turn.startMs, endMs: turn.endMs };
}
