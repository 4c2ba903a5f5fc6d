/** Written sessions of one job at most: so many places of a file share one. */
export const groupSize = 25;

const width = 6;

/** The key of the session at `position` (from 0) in a file: reading the file again finds the same. */
export function sessionKey(fileId: string, position: number): string {
  return `${fileId}-${String(position).padStart(width, '0')}`;
}

/** Null for keys that were made elsewhere. */
export function positionIn({ key, fileId }: { key: string; fileId: string }): number | null {
  const digits = key.startsWith(`${fileId}-`) ? key.slice(fileId.length + 1) : '';
  return /^\d{6,}$/.test(digits) ? Number(digits) : null;
}
