import { id3Length, recordingFormat } from './recording.ts';

const sampleRates = 13;

/** Length of the ADTS frame at `at`, 0 when there is none. */
function frameLength(bytes: Uint8Array, at: number): number {
  if (at + 7 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return 0;
  if (((bytes[at + 2]! >> 2) & 0xf) >= sampleRates) return 0;
  const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  return length > 7 ? length : 0;
}

/** Bare AAC in ADTS frames. Where the head holds a second frame, it must be there. */
export const aac = recordingFormat({
  id: 'aac',
  title: { en: 'AAC recording', zh: 'AAC 录音' },
  extensions: ['.aac', '.adts'],
  recognises: ({ bytes }) => {
    const start = id3Length(bytes);
    const length = frameLength(bytes, start);
    if (length === 0) return false;
    return start + length + 7 > bytes.length || frameLength(bytes, start + length) > 0;
  },
});
