import { codeCandidates, digitCandidates } from './entity-digits.ts';
import { dateCandidates } from './entity-dates.ts';
import { nameCandidates } from './entity-names.ts';
import { type Candidate, type Entity, type EntityType, entityTypes } from './entity-types.ts';
import { type Folded, fold } from './fold.ts';
import { parseQuantities, type Quantity } from './quantities.ts';

// Bounded repeats alone: the time for any text grows with its length and no faster.
const email = /[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9][a-z0-9.-]{0,200}\.[a-z]{2,24}(?![a-z0-9])/g;
/** “john dot smith at example dot com”, as recognised speech has it. */
const spokenEmail =
  /\b[a-z0-9]{1,40}(?: (?:dot|underscore) [a-z0-9]{1,40}){0,3} at [a-z0-9]{1,40}(?: dot [a-z0-9]{1,40}){0,3} dot (?:com|org|net|edu|cn|uk|io|co)\b/g;
const url = /\b(?:https?:\/\/|www\.)[^\s<>"'，。；！？）)\]]{2,500}/g;

/**
 * Finds what a text names: amounts of money, dates, times, telephone and identity numbers and the like, in English and
 * Chinese, written or spoken digit by digit. Pure and linear in the text; ordered; no two overlap: where two readings
 * compete, the more specific (an identity number rather than a telephone number) stands.
 */
export function findEntities(text: string): Entity[] {
  const folded = fold(text);
  const written: Candidate[] = [
    ...matches(email, folded, 'email', (found) => found),
    ...matches(spokenEmail, folded, 'email', writtenEmail),
    ...matches(url, folded, 'url', (found) => found.replace(/[.,;:!?]+$/, '')),
  ];
  const rest = [
    ...digitCandidates(folded.text),
    ...codeCandidates(folded.text),
    ...dateCandidates(folded.text),
    ...nameCandidates(folded),
  ];
  const original = (one: Candidate): Entity => {
    const span = folded.span(one.start, one.end);
    return entity(text, one.type, span.start, span.end, one.value, one.checked ?? false);
  };
  const amounts = parseQuantities(text).flatMap((quantity) => fromQuantity(text, quantity));
  return settle([...written.map(original), ...rest.map(original), ...amounts]);
}

function matches(pattern: RegExp, folded: Folded, type: EntityType, value: (found: string) => string): Candidate[] {
  return [...folded.text.matchAll(pattern)].map((found) => {
    const kept = type === 'url' ? value(found[0]) : found[0];
    return { type, start: found.index, end: found.index + kept.length, value: value(found[0]) };
  });
}

function writtenEmail(spoken: string): string {
  return spoken
    .replace(/ dot /g, '.')
    .replace(/ underscore /g, '_')
    .replace(/ at /, '@');
}

function entity(
  text: string,
  type: EntityType,
  start: number,
  end: number,
  value: string | null,
  checked: boolean,
): Entity {
  return { type, start, end, quote: text.slice(start, end), value, checked };
}

function fromQuantity(text: string, quantity: Quantity): Entity[] {
  const { unit, value, start, end, currency } = quantity;
  if (unit === null || unit === 'percent') return [];
  if (unit === 'money')
    return [entity(text, 'money', start, end, value === null ? null : `${currency ?? '?'} ${value}`, false)];
  if (unit === 'clock') return [entity(text, 'time', start, end, value === null ? null : clock(value), false)];
  return [entity(text, 'duration', start, end, value === null ? null : `${value} ${unit}`, false)];
}

function clock(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(Math.round(minutes % 60))}`;
}

/** Of overlapping finds the one of the type named first above stands; of one type, the longer one. */
function settle(found: readonly Entity[]): Entity[] {
  const rank = (one: Entity) => entityTypes.indexOf(one.type);
  const wanted = found
    .filter((one) => one.end > one.start)
    .sort((a, b) => rank(a) - rank(b) || b.end - b.start - (a.end - a.start) || a.start - b.start);
  const taken: Entity[] = [];
  const used = new Set<number>();
  for (const one of wanted) {
    let free = true;
    for (let at = one.start; at < one.end && free; at++) free = !used.has(at);
    if (!free) continue;
    for (let at = one.start; at < one.end; at++) used.add(at);
    taken.push(one);
  }
  return taken.sort((a, b) => a.start - b.start);
}

/** Which entities reach a third party only in disguise. */
export const identifying: readonly EntityType[] = ['email', 'phone', 'idNumber', 'bankCard'];

/** The text with the letters and digits of such entities replaced one for one, so that every offset stays what it was. */
export function maskEntities(text: string, types: readonly EntityType[] = identifying): string {
  let masked = '';
  let at = 0;
  for (const one of findEntities(text)) {
    if (!types.includes(one.type)) continue;
    masked += text.slice(at, one.start) + one.quote.replace(/[\p{L}\p{N}]/gu, (sign) => '*'.repeat(sign.length));
    at = one.end;
  }
  return masked + text.slice(at);
}
