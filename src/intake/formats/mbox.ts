import { EarwitnessError } from '../../session/index.ts';
import { parseMail } from '../mail.ts';
import { failure, failureFrom, placeOf } from '../problems.ts';
import type { FormatItem, Format, InputFile, ReadContext } from '../types.ts';

/** Many e-mails in one file, each behind a `From ` line (RFC 4155). Read message by message. */
export const mbox: Format = {
  id: 'mbox',
  family: 'text',
  title: { en: 'Mailbox (mbox)', zh: '邮箱文件（mbox）' },
  extensions: ['.mbox', '.mbx'],
  recognises: ({ bytes }) => /^From \S.*\d{4}/.test(bytes.subarray(0, 200).toString('latin1')),
  read,
};

async function* read(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  let n = 0;
  const { documentBytes } = context.settings.limits;
  for await (const message of splitMbox(file.bytes(), documentBytes)) {
    n++;
    const entry = [file.entry, `message ${n}`].filter((part) => part !== null).join(' ');
    const place = placeOf({ path: file.path, entry });
    if (message === null) {
      yield failure(
        'file-too-large',
        place,
        `The message is larger than ${Math.floor(documentBytes / 1024 / 1024)} MB and was passed over.`,
        'Export it without its attachments.',
      );
      continue;
    }
    try {
      context.collectMail(await parseMail(message, { path: file.path, entry, place, idBase: `${file.idBase}-${n}` }));
    } catch (error) {
      yield failureFrom(error, place);
    }
  }
  if (n === 0)
    throw new EarwitnessError(
      'mail-invalid',
      placeOf(file),
      'The mailbox has no message: no line begins with "From ".',
      'Export the mailbox again.',
    );
}

const separator = Buffer.from('From ');

/** The messages of an mbox; null for one that is larger than `limit`. Bytes stay bytes: each message has its own encoding. */
async function* splitMbox(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Buffer | null> {
  let message: Buffer[] | null = null;
  let size = 0;
  let blankBefore = true;
  for await (const line of byteLines(chunks, limit)) {
    if (blankBefore && line.subarray(0, separator.length).equals(separator)) {
      if (message) yield size > limit ? null : Buffer.concat(message);
      message = [];
      size = 0;
    } else if (message) {
      size += line.length;
      if (size > limit) message.length = 0;
      // `>From` inside a message stands for `From` (mboxrd).
      else message.push(/^>+From /.test(line.subarray(0, 16).toString('latin1')) ? line.subarray(1) : line);
    }
    blankBefore = line.length <= 2 && line.toString('latin1').trim() === '';
  }
  if (message) yield size > limit ? null : Buffer.concat(message);
}

/** Lines with their line ends; a line longer than `limit` comes in pieces. */
async function* byteLines(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = () => {
    const line = parts.length === 1 ? Buffer.from(parts[0]!) : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end + 1));
      yield take();
      from = end + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > limit) yield take();
  }
  if (parts.length > 0) yield take();
}
