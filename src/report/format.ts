import { formatDuration, type Localised } from '../session/index.ts';
import type { Mean, Rate } from './model/statistics.ts';

/** Rounded once, here, for display: 61.46 → `61.5`. A true minus sign, so that columns line up. */
export function fixed(value: number, digits = 1): string {
  const text = value.toFixed(digits);
  const zero = Number(text) === 0;
  return zero ? text.replace('-', '') : text.replace('-', '−');
}

/** A signed figure: `+0.4`, `−0.7`, `0.0`. */
export function signed(value: number, digits = 1): string {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** `82.4 ±3.1 (n 144)`; without an interval `82.4 (n 1)`. */
export function meanText(mean: Mean | null): string {
  if (!mean) return '–';
  const width = mean.halfWidth === null ? '' : ` ±${fixed(mean.halfWidth)}`;
  return `${fixed(mean.mean)}${width} (n ${mean.n})`;
}

/** A share in whole percent: `71 %`; one that is neither none nor all never shows as 0 or 100. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return '<1 %';
  if (rounded === 100 && share < 1) return '>99 %';
  return `${rounded} %`;
}

/** `71 % [63–78] (n 144)`. */
export function rateText(rate: Rate | null): string {
  return rate ? `${percent(rate.rate)} ${rangeText(rate)} (n ${rate.n})` : '–';
}

/** A rate's interval in percent: `[63–78]`. */
export function rangeText(rate: Rate): string {
  return `[${Math.round(rate.low * 100)}–${Math.round(rate.high * 100)}]`;
}

/** A length of time in both languages. */
export function durationText(ms: number): Localised {
  return { en: formatDuration(ms, 'en'), zh: formatDuration(ms, 'zh') };
}

/** What was measured, in a unit a reader knows: 12400 `ms` → `12.4 s`. */
export function measureText(value: number, unit: string | null): Localised {
  if (unit === 'ms') return durationText(value);
  const figure = Number.isInteger(value) ? String(value) : fixed(value, 2);
  const text = unit ? `${figure} ${unit}` : figure;
  return { en: text, zh: text };
}

const isoPattern = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * An ISO instant in the clock that its source used: nothing is moved to the reader's or the machine's zone, so the
 * report reads the same everywhere. Anything that is no ISO instant is shown as it stands.
 */
export function instantText(iso: string): Localised {
  const match = isoPattern.exec(iso.trim());
  const month = match ? months[Number(match[2]) - 1] : undefined;
  if (!match || month === undefined) return { en: iso, zh: iso };
  const [, year, , day, hour, minute] = match;
  const clock = hour === undefined ? '' : ` ${hour}:${minute}`;
  const zone = match[7] === 'Z' ? ' UTC' : '';
  return {
    en: `${Number(day)} ${month} ${year}${clock && `,${clock}`}${zone}`,
    zh: `${year}年${Number(match[2])}月${Number(day)}日${clock}${zone}`,
  };
}

/**
 * The wall clock `offsetMs` after `startedAt`, in the zone that `startedAt` is written in; null when it states none.
 */
export function wallClock(startedAt: string, offsetMs: number): { date: string; time: string } | null {
  const zone = /(Z|[+-]\d{2}:?\d{2})$/.exec(startedAt.trim())?.[1];
  const start = Date.parse(startedAt);
  if (zone === undefined || Number.isNaN(start)) return null;
  const zoneMs = zone === 'Z' ? 0 : zoneMinutes(zone) * 60_000;
  const local = new Date(start + offsetMs + zoneMs);
  if (Number.isNaN(local.getTime())) return null;
  const iso = local.toISOString();
  return { date: iso.slice(5, 10), time: iso.slice(11, 19) };
}

function zoneMinutes(zone: string): number {
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** `1 session`, `3 sessions`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
