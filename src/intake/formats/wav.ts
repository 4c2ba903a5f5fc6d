import { hasAscii, recordingFormat } from './recording.ts';

/** RIFF/WAVE and its 64-bit forms. */
export const wav = recordingFormat({
  id: 'wav',
  title: { en: 'WAV recording', zh: 'WAV 录音' },
  extensions: ['.wav', '.wave', '.rf64', '.bwf'],
  recognises: ({ bytes }) =>
    ['RIFF', 'RF64', 'BW64'].some((magic) => hasAscii(bytes, magic)) && hasAscii(bytes, 'WAVE', 8),
});
