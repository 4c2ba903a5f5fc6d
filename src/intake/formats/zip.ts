import { openZip } from '../zip.ts';
import type { FormatItem, Format, InputFile, ReadContext } from '../types.ts';
import { failure, placeOf } from '../problems.ts';
import { hasAscii } from './recording.ts';

/** An archive, read as the folder that it was packed from. Archives within archives are refused. */
export const zip: Format = {
  id: 'zip',
  family: 'archive',
  title: { en: 'Zip archive', zh: 'ZIP 压缩包' },
  extensions: ['.zip'],
  recognises: ({ bytes }) =>
    ['PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0007\u0008'].some((magic) => hasAscii(bytes, magic)),
  read,
};

async function* read(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  if (file.entry !== null) {
    yield failure(
      'zip-invalid',
      placeOf(file),
      'An archive within an archive is not opened.',
      'Unpack the outer archive and read the folder.',
    );
    return;
  }
  const opened = await openZip(file, context.settings.limits, context.settings.tempDir);
  try {
    yield* opened.failures;
    if (opened.files.length === 0 && opened.failures.length === 0)
      yield failure(
        'file-empty',
        placeOf(file),
        'The archive holds nothing to inspect.',
        'See docs/reference/inputs.md for what is read.',
      );
    yield* context.readFiles(opened.files);
  } finally {
    opened.close();
  }
}
