import { EarwitnessError } from '../../session/index.ts';
import { parseMail } from '../mail.ts';
import { placeOf } from '../problems.ts';
import { assertDocumentSize } from '../text-file.ts';
import type { FormatItem, Format, InputFile, ReadContext } from '../types.ts';

const mailHeaders =
  /^(?:from|to|subject|date|message-id|received|mime-version|return-path|delivered-to|reply-to|x-[\w-]+|content-type)$/i;

/** True when a text opens with at least two mail headers and nothing else before the first blank line of the head. */
export function opensWithHeaders(text: string): boolean {
  let known = 0;
  for (const line of text.split('\n', 60)) {
    if (line.trim() === '') break;
    if (/^[ \t]/.test(line) && known > 0) continue;
    const name = /^([!-9;-~]+):/.exec(line)?.[1];
    if (name === undefined) return false;
    if (mailHeaders.test(name)) known++;
  }
  return known >= 2;
}

/** One e-mail. It becomes part of a thread, which comes out when all files have been read. */
export const eml: Format = {
  id: 'eml',
  family: 'text',
  title: { en: 'E-mail', zh: '电子邮件' },
  extensions: ['.eml'],
  recognises: ({ bytes }) => opensWithHeaders(bytes.subarray(0, 16_384).toString('latin1')),
  read,
};

// eslint-disable-next-line require-yield -- the thread that it belongs to is yielded after the last file
async function* read(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  assertDocumentSize(file, context.settings.limits, 'Export the message without its attachments.');
  const parts: Uint8Array[] = [];
  for await (const chunk of file.bytes()) parts.push(chunk);
  const raw = Buffer.concat(parts);
  const place = placeOf(file);
  if (!opensWithHeaders(raw.subarray(0, 16_384).toString('latin1')))
    throw new EarwitnessError(
      'mail-invalid',
      place,
      'The file does not begin with mail headers (From, Date, Subject …).',
      'Export the message again as .eml.',
    );
  context.collectMail(await parseMail(raw, { path: file.path, entry: file.entry, place, idBase: file.idBase }));
}
