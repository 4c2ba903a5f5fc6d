import { id3Length, recordingFormat } from './recording.ts';

/** kbit/s by version (MPEG 1 / 2 and 2.5) and layer (I, II, III). ISO/IEC 11172-3 2.4.2.3, 13818-3 2.4.2.3. */
const bitrates: Record<string, readonly number[]> = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const rates = [44_100, 48_000, 32_000];

/** Length in bytes of the MPEG audio frame at `at`, 0 when there is none. */
function frameLength(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe0) !== 0xe0) return 0;
  const version = (bytes[at + 1]! >> 3) & 3;
  const layer = 4 - ((bytes[at + 1]! >> 1) & 3);
  const rate = rates[(bytes[at + 2]! >> 2) & 3];
  if (version === 1 || layer === 4 || rate === undefined) return 0;
  const kbit = bitrates[`${version === 3 ? 1 : 2}-${layer}`]?.[(bytes[at + 2]! >> 4) - 1];
  if (kbit === undefined) return 0;
  const sampleRate = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  const padding = (bytes[at + 2]! >> 1) & 1;
  if (layer === 1) return (Math.floor((12_000 * kbit) / sampleRate) + padding) * 4;
  const samples = layer === 3 && version !== 3 ? 72 : 144;
  return Math.floor((samples * 1000 * kbit) / sampleRate) + padding;
}

/**
 * MPEG audio: behind an ID3 tag, or from bare frames, where three in a row (or as many as the file has) must fit.
 */
export const mp3 = recordingFormat({
  id: 'mp3',
  title: { en: 'MP3 recording', zh: 'MP3 录音' },
  extensions: ['.mp3', '.mp2', '.mpga'],
  recognises: ({ bytes, size }) => {
    let at = id3Length(bytes);
    // A tag with a picture may fill the whole head: then the tag is all there is to go by.
    if (at > 0 && at + 4 > bytes.length) return at < size;
    if (at > 0) while (at + 4 < bytes.length && bytes[at] === 0) at++;
    for (let frame = 0; frame < 3; frame++) {
      const length = frameLength(bytes, at);
      if (length === 0) return false;
      at += length;
      if (at + 4 > bytes.length) return true;
    }
    return true;
  },
});
