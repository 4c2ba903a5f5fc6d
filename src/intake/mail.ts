import PostalMime from 'postal-mime';
import type { Address, Email } from 'postal-mime';
import { EarwitnessError } from '../session/index.ts';
import { automaticSubject, readsAutomatic } from './auto-reply.ts';
import { guessEncoding } from './encoding.ts';
import { stripHtml } from './message.ts';
import { notice } from './problems.ts';
import type { Mail } from './types.ts';

/** Where a message lies. */
export type MailPlace = Pick<Mail, 'path' | 'entry' | 'place' | 'idBase'>;

/** Reads one RFC 5322 message. Throws `mail-invalid` when it has neither sender nor date nor text. */
export async function parseMail(raw: Uint8Array, at: MailPlace): Promise<Mail> {
  let email: Email;
  const { bytes, guessed } = toUtf8(raw);
  try {
    email = await PostalMime.parse(bytes, { maxNestingDepth: 64 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EarwitnessError(
      'mail-invalid',
      at.place,
      `The e-mail cannot be read: ${reason}`,
      'Export it again as .eml or mbox.',
      { cause: error },
    );
  }
  const html = email.html ? stripHtml(email.html) : '';
  const text = (email.text?.trim() ? email.text : html).replaceAll('\r\n', '\n').trim();
  const header = (name: string) => email.headers.find((candidate) => candidate.key === name)?.value.trim() ?? null;
  const from = mailboxes(email.from)[0] ?? null;
  const date = header('date');
  const sentMs = date === null ? Number.NaN : Date.parse(email.date ?? date);
  if (from === null && Number.isNaN(sentMs) && text === '')
    throw new EarwitnessError(
      'mail-invalid',
      at.place,
      'This is no e-mail: it has no sender, no date and no text.',
      'Export the message again as .eml.',
    );
  const subject = email.subject ?? '';
  return {
    ...at,
    messageId: messageIds(email.messageId ?? '')[0] ?? null,
    references: [...new Set([...messageIds(email.inReplyTo ?? ''), ...messageIds(email.references ?? '')])],
    subject,
    from: from?.address ?? null,
    fromName: from?.name ?? null,
    to: [...mailboxes(email.to), ...mailboxes(email.cc)].map((mailbox) => mailbox.address),
    sentMs: Number.isNaN(sentMs) ? null : sentMs,
    text,
    auto: automaticHeaders(header) || automaticSubject(subject) || readsAutomatic(text),
    notices: guessed
      ? [
          notice(
            'encoding-guessed',
            at.place,
            `The message does not state its encoding; it was read as ${guessed.toUpperCase()}.`,
            'Look at a few names and sentences; if they are garbled, export the message again.',
          ),
        ]
      : [],
  };
}

/** RFC 3834 and the headers that older mail systems use for the same. */
function automaticHeaders(header: (name: string) => string | null): boolean {
  const submitted = header('auto-submitted');
  if (submitted !== null && !/^no\b/i.test(submitted)) return true;
  if (header('x-autoreply') !== null || header('x-autorespond') !== null || header('x-autoresponder') !== null)
    return true;
  return /^auto[_-]?reply$/i.test(header('precedence') ?? '') || /auto/i.test(header('x-auto-reply') ?? '');
}

function mailboxes(addresses: Address | Address[] | undefined): { address: string; name: string | null }[] {
  const list = addresses === undefined ? [] : Array.isArray(addresses) ? addresses : [addresses];
  return list
    .flatMap((entry) => (entry.group ? entry.group : entry.address !== undefined ? [entry] : []))
    .filter((mailbox) => mailbox.address.trim() !== '')
    .map((mailbox) => ({ address: mailbox.address.trim().toLowerCase(), name: mailbox.name.trim() || null }));
}

function messageIds(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>\s]+)>/g)].map((match) => match[1]!);
  return bracketed.length > 0 ? bracketed : value.split(/\s+/).filter((id) => id.includes('@'));
}

/**
 * Old mail programs put raw GBK into bodies without naming a charset. Where neither the top headers nor a part name
 * one and the bytes are not UTF-8, the whole is turned into UTF-8 by guess.
 */
function toUtf8(raw: Uint8Array): { bytes: Uint8Array; guessed: string | null } {
  if (!raw.some((byte) => byte >= 0x80)) return { bytes: raw, guessed: null };
  if (/charset\s*=/i.test(Buffer.from(raw.subarray(0, 65_536)).toString('latin1')))
    return { bytes: raw, guessed: null };
  const encoding = guessEncoding(raw.subarray(0, 1024 * 1024), raw.length > 1024 * 1024);
  if (!encoding?.guessed) return { bytes: raw, guessed: null };
  return { bytes: Buffer.from(new TextDecoder(encoding.name).decode(raw), 'utf8'), guessed: encoding.name };
}
