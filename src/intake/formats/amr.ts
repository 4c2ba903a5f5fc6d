import { hasAscii, recordingFormat } from './recording.ts';

/** AMR narrow-band and wide-band, one or more channels. */
export const amr = recordingFormat({
  id: 'amr',
  title: { en: 'AMR recording', zh: 'AMR 录音' },
  extensions: ['.amr', '.awb'],
  recognises: ({ bytes }) =>
    ['#!AMR\n', '#!AMR-WB\n', '#!AMR_MC', '#!AMR-WB_MC'].some((magic) => hasAscii(bytes, magic)),
});
