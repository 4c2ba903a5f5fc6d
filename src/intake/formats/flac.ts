import { hasAscii, id3Length, recordingFormat } from './recording.ts';

export const flac = recordingFormat({
  id: 'flac',
  title: { en: 'FLAC recording', zh: 'FLAC 录音' },
  extensions: ['.flac'],
  recognises: ({ bytes }) => hasAscii(bytes, 'fLaC', id3Length(bytes)),
});
