import { recordingFormat } from './recording.ts';

const frameBytes = 33;

/**
 * Raw GSM 06.10 has no header, but each frame of 33 bytes begins with the nibble 0xD. Named `.gsm`, every frame of the
 * head must have it; without that name, at least 50 of them.
 */
export const gsm = recordingFormat({
  id: 'gsm',
  title: { en: 'GSM 06.10 recording', zh: 'GSM 06.10 录音' },
  extensions: ['.gsm'],
  recognises: ({ bytes, size, extension }) => {
    const frames = Math.floor(bytes.length / frameBytes);
    if (frames < (extension === '.gsm' ? 1 : 50) || (extension !== '.gsm' && size % frameBytes !== 0)) return false;
    for (let frame = 0; frame < frames; frame++) if (bytes[frame * frameBytes]! >> 4 !== 0xd) return false;
    return true;
  },
});
