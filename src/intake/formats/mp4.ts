import { hasAscii, recordingFormat } from './recording.ts';

/** ISO base media: M4A, MP4, 3GP, QuickTime. The sound track of a video counts as a recording. */
export const mp4 = recordingFormat({
  id: 'mp4',
  title: { en: 'M4A or MP4 recording', zh: 'M4A / MP4 录音' },
  extensions: ['.m4a', '.mp4', '.m4b', '.mov', '.3gp', '.3gpp'],
  recognises: ({ bytes }) => hasAscii(bytes, 'ftyp', 4),
});
