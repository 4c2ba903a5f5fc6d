import { EarwitnessError } from '../session/index.ts';
import { assertNotEmpty } from './disk.ts';
import { decodeHead } from './encoding.ts';
import { formats } from './formats/index.ts';
import { extensionOf } from './names.ts';
import { placeOf } from './problems.ts';
import type { Format, Head, InputFile } from './types.ts';

const headBytes = 64 * 1024;

/** The first 64 KiB of a file. */
async function readHead(file: InputFile): Promise<Head> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.bytes()) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= headBytes) break;
  }
  const bytes = Buffer.concat(parts).subarray(0, headBytes);
  return {
    bytes,
    size: file.size,
    extension: extensionOf(file.name),
    text: decodeHead(bytes, file.size > bytes.length),
  };
}

/**
 * The format of a file, by its content. When no content fits, the extension chooses who answers: a text named `.wav`
 * is `audio-not-audio`, a text named `.json` is read as JSON so that the fault is named with its position.
 * Throws `file-empty`, `audio-not-audio`, `file-encoding` or `file-kind-unknown`.
 */
export async function formatOf(file: InputFile): Promise<Format> {
  assertNotEmpty(file);
  const head = await readHead(file);
  const format = formats.find((candidate) => candidate.recognises(head));
  if (format) return format;
  const claimed = formats.find((candidate) => candidate.extensions.includes(head.extension));
  const place = placeOf(file);
  if (claimed?.family === 'recording')
    throw new EarwitnessError(
      'audio-not-audio',
      place,
      `The name ends in ${head.extension}, but the content is ${describe(head)}.`,
      'Check how the recording was exported; it has to be WAV, MP3, FLAC, Ogg/Opus, M4A/MP4, AAC, AMR or GSM.',
    );
  if (claimed?.family === 'archive')
    throw new EarwitnessError(
      'zip-invalid',
      place,
      `The name ends in .zip, but the content is ${describe(head)}.`,
      'Pack or copy it again.',
    );
  if (claimed && head.text === null)
    throw new EarwitnessError(
      'file-encoding',
      place,
      'The bytes are not text in UTF-8, UTF-16, GB18030/GBK, Big5 or another encoding known here.',
      'Save the file as UTF-8 and run again; if it is damaged, export it anew.',
    );
  if (claimed) return claimed;
  throw new EarwitnessError(
    'file-kind-unknown',
    place,
    `This is no recording, chat or ticket known here; the content is ${describe(head)}.`,
    'Readable are WAV, MP3, FLAC, Ogg/Opus, M4A/MP4, AAC, AMR, GSM, JSON, JSONL, CSV, EML, MBOX and ZIP.',
  );
}

const magics: [string, RegExp][] = [
  ['a PDF document', /^%PDF/],

  ['a picture', /^(?:\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0)/],
  ['a 7z archive', /^7z\xbc\xaf/],
  ['a RAR archive', /^Rar!/],
  // eslint-disable-next-line no-control-regex -- magic numbers
  ['a gzip file', /^\x1f\x8b/],
  // eslint-disable-next-line no-control-regex -- magic numbers
  ['an old Office document', /^\xd0\xcf\x11\xe0/],
];

function describe(head: Head): string {
  const start = head.bytes.subarray(0, 16).toString('latin1');
  const known = magics.find(([, pattern]) => pattern.test(start));
  if (known) return known[0];
  if (head.text === null) return 'binary data of an unknown kind';
  return /^\s*<(?:!doctype|html|\?xml)/i.test(head.text) ? 'HTML or XML' : 'text';
}
