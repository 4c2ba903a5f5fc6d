import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const demo = fileURLToPath(new URL('../../fixtures/batches/demo/calls/call-11-mono-exchange.wav', import.meta.url));

/** How long a piece is: long enough to be killed in the middle of recognition, short enough to get through between kills. */
const pieceMs = 5_000;

/** Writes `count` recordings, pieces of a demo call that begin at ever new places. Their ids are their names. */
export async function writeCalls(dir: string, prefix: string, first: number, count: number) {
  const { header, sound, bytesPerSecond, frame } = readWav(readFileSync(demo));
  const bytes = Math.floor((pieceMs / 1000) * bytesPerSecond);
  const calls: { id: string; path: string }[] = [];
  for (let i = 0; i < count; i++) {
    // A prime number of frames apart, so that no two pieces of a run have the same content.
    const from = ((first + i) * 7_919 * frame) % (sound.length - bytes);
    const id = `${prefix}-call-${String(i).padStart(3, '0')}`;
    const path = join(dir, `${id}.wav`);
    const piece = Buffer.concat([header, sound.subarray(from, from + bytes)]);
    piece.writeUInt32LE(piece.length - 8, 4);
    piece.writeUInt32LE(bytes, header.length - 4);
    await writeFile(path, piece);
    calls.push({ id, path });
  }
  return calls;
}

/** The parts of a plain WAV file; `header` ends with the length of the sound. */
function readWav(wav: Buffer) {
  const at = wav.indexOf('data');
  const sound = wav.subarray(at + 8, at + 8 + wav.readUInt32LE(at + 4));
  return { header: wav.subarray(0, at + 8), sound, bytesPerSecond: wav.readUInt32LE(28), frame: wav.readUInt16LE(32) };
}
