import { hasAscii, recordingFormat } from './recording.ts';

/** Ogg with Opus, Vorbis, Speex or FLAC inside. */
export const ogg = recordingFormat({
  id: 'ogg',
  title: { en: 'Ogg or Opus recording', zh: 'Ogg / Opus 录音' },
  extensions: ['.ogg', '.oga', '.opus', '.spx'],
  recognises: ({ bytes }) => hasAscii(bytes, 'OggS') && bytes[4] === 0,
});
