/** The bytes of a recording that were asked for; null for all of it, `refused` where no such range can be served. */
export type AskedRange = { start: number; end: number } | null | 'refused';

/**
 * One byte range of `range` (RFC 9110, 14.1.2). What is malformed, names several ranges or lies outside is refused:
 * players ask for one range at a time, and whoever sends anything else is told so.
 */
export function readRange(header: string | undefined, bytes: number): AskedRange {
  if (header === undefined) return null;
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (!found || (found[1] === '' && found[2] === '')) return 'refused';
  const [first, last] = [found[1]!, found[2]!];
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'refused' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return start >= bytes || end < start ? 'refused' : { start, end };
}
