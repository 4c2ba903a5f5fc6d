/** Text, or why the bytes are none; `kind` is what they look like instead. */
export type Decoded = { ok: true; text: string } | { ok: false; kind: string; hint: string };

const marks: [readonly number[], string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
const hint = 'Save the file as UTF-8 and run again.';

/**
 * Bytes → text. UTF-8, and UTF-16 with a byte-order mark, are read; a plain word list (`legacy`) in GB18030 as well, as
 * Chinese systems still write them. YAML is Unicode by its specification, so other encodings are named and refused:
 * rules that people are judged by must not rest on a guess.
 */
export function decodeText(bytes: Uint8Array, legacy: boolean): Decoded {
  const mark = marks.find(([signature]) => signature.every((byte, i) => bytes[i] === byte));
  const wide = !mark && bytes.includes(0) && zeroShare(bytes) > 0.2;
  if (wide) return { ok: false, kind: 'UTF-16 without a byte-order mark', hint };
  const text = decoded(bytes, mark?.[1] ?? 'utf-8');
  if (text !== null && !text.includes('\u0000')) return { ok: true, text };
  if (text !== null || mark || bytes.includes(0))
    return { ok: false, kind: 'a binary file', hint: 'Name a text file here.' };
  const chinese = chineseText(bytes);
  if (chinese === null) return { ok: false, kind: 'neither UTF-8 nor another encoding that is known', hint };
  return legacy ? { ok: true, text: chinese } : { ok: false, kind: 'GB18030 (GBK)', hint };
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** ASCII in UTF-16 shows a zero byte in nearly every pair, and always on the same side. */
function zeroShare(bytes: Uint8Array): number {
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [i, byte] of head.entries()) if (byte === 0) zeros[i % 2]!++;
  return Math.min(...zeros) === 0 ? Math.max(...zeros) / Math.max(1, head.length / 2) : 0;
}

/**
 * GB18030 text where at least four fifths of the double bytes are everyday characters (GB 2312 level 1, lead bytes
 * B0–D7) or punctuation (A1–A3). Western and Big5 bytes, which often decode as GB18030 too, give rare characters.
 */
function chineseText(bytes: Uint8Array): string | null {
  const text = decoded(bytes, 'gb18030');
  if (text === null) return null;
  let pairs = 0;
  let common = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]!;
    if (lead < 0x80) continue;
    const trail = bytes[++i] ?? 0;
    pairs++;
    if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) common++;
  }
  return common >= pairs * 0.8 ? text : null;
}
