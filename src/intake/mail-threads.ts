import type { Speaker } from '../session/index.ts';
import { assemble, looseMessage } from './assemble.ts';
import { stripMail } from './mail-text.ts';
import { failure } from './problems.ts';
import type { FormatItem, LooseMessage, Mail, Settings } from './types.ts';

/**
 * Groups e-mails into threads, each a ticket: by Message-ID, In-Reply-To and References; a message with none of the
 * last two joins by its subject without `Re:`, if it shares a writer or reader with the thread. Threads come in order
 * of their first file.
 */
export function* mailThreads(mails: readonly Mail[], settings: Settings): Generator<FormatItem> {
  const unique: Mail[] = [];
  const ids = new Map<string, Mail>();
  for (const mail of mails) {
    const before = mail.messageId === null ? undefined : ids.get(mail.messageId);
    if (before && before.text === mail.text) continue;
    if (mail.messageId !== null && !before) ids.set(mail.messageId, mail);
    unique.push(mail);
  }
  for (const thread of group(unique)) yield threadToSession(thread, settings);
}

function group(mails: readonly Mail[]): Mail[][] {
  const parent = mails.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]!]!;
    return root;
  };
  const join = (a: number, b: number) => {
    const [low, high] = [find(a), find(b)].sort((x, y) => x - y) as [number, number];
    parent[high] = low;
  };
  const byId = new Map<string, number>();
  mails.forEach((mail, i) => {
    for (const id of [mail.messageId, ...mail.references]) {
      if (id === null) continue;
      const other = byId.get(id);
      if (other === undefined) byId.set(id, i);
      else join(i, other);
    }
  });
  const bySubject = new Map<string, number[]>();
  mails.forEach((mail, i) => {
    const subject = plainSubject(mail.subject);
    if (subject === '') return;
    const others = bySubject.get(subject) ?? [];
    for (const other of others)
      if ((mail.references.length === 0 || mails[other]!.references.length === 0) && related(mail, mails[other]!))
        join(i, other);
    others.push(i);
    bySubject.set(subject, others);
  });
  const threads = new Map<number, Mail[]>();
  mails.forEach((mail, i) => {
    const thread = threads.get(find(i)) ?? [];
    thread.push(mail);
    threads.set(find(i), thread);
  });
  return [...threads.values()].map((thread) => [...thread].sort(bySent));
}

/** `Re: AW: [EXT] 回复：Order 17` → `order 17`. */
function plainSubject(subject: string): string {
  let plain = subject.normalize('NFKC').trim();
  for (;;) {
    const next = plain.replace(
      /^(?:(?:re|aw|fw|fwd|wg|sv|回复|回覆|答复|转发|轉寄|自动回复|automatic reply)\s*(?:\[\d+\]|\(\d+\))?\s*:|\[ext(?:ernal)?\])\s*/i,
      '',
    );
    if (next === plain) return plain.toLowerCase();
    plain = next;
  }
}

/** One wrote to the other, or both to or from the same third. Two customers who write to one desk are not related. */
function related(a: Mail, b: Mail): boolean {
  if (a.from === null || b.from === null) return false;
  if (a.from === b.from) return /^(?:re|aw|回复|答复)/i.test(a.subject) || /^(?:re|aw|回复|答复)/i.test(b.subject);
  return a.to.includes(b.from) || b.to.includes(a.from);
}

function bySent(a: Mail, b: Mail): number {
  return a.sentMs === null || b.sentMs === null ? 0 : a.sentMs - b.sentMs;
}

function threadToSession(thread: readonly Mail[], settings: Settings): FormatItem {
  const first = thread[0]!;
  const customer = customerOf(thread, settings.companyDomains);
  const removed: { turn: number; kind: string; text: string }[] = [];
  const messages: LooseMessage[] = thread.map((mail, i) => {
    const stripped = stripMail(mail.text);
    removed.push(...stripped.removed.map((part) => ({ turn: i + 1, ...part })));
    return looseMessage({
      text: stripped.text,
      speaker: speakerOfMail(mail, customer, settings.companyDomains),
      author: mail.from ?? mail.fromName,
      time: mail.sentMs,
      auto: mail.auto ? true : null,
    });
  });
  if (messages.every((message) => message.text === ''))
    return failure(
      'session-empty',
      first.place,
      'The e-mail has no text.',
      'Only the text of e-mails is inspected, not their attachments.',
    );
  const files = [...new Set(thread.map((mail) => mail.place))];
  return assemble(
    {
      path: first.path,
      entry: first.entry,
      place: first.place,
      id: null,
      idCandidates: [...(first.messageId === null ? [] : [first.messageId]), first.idBase],
      channel: 'ticket',
      language: null,
      agentId: null,
      customerId: customer,
      team: null,
      queue: null,
      startedAt: null,
      attributes: {
        subject: first.subject,
        ...(files.length > 1 ? { files } : {}),
        ...(removed.length > 0 ? { removed } : {}),
      },
      recording: null,
      transcript: null,
      messages,
      recordingPath: null,
      channelRoles: null,
      notices: thread.flatMap((mail) => mail.notices),
    },
    settings,
  );
}

function isCompany(address: string | null, domains: readonly string[]): boolean {
  const domain = address?.split('@').at(-1) ?? '';
  return domains.some((company) => domain === company || domain.endsWith(`.${company}`));
}

const mailSystem = /^(?:mailer-daemon|postmaster)@/;

/** The first writer from outside the company; without known domains, whoever wrote first by hand. */
function customerOf(thread: readonly Mail[], domains: readonly string[]): string | null {
  const people = thread.filter((mail) => mail.from !== null && !mailSystem.test(mail.from));
  if (domains.length > 0) {
    const outside = people.find((mail) => !isCompany(mail.from, domains));
    return outside?.from ?? thread.flatMap((mail) => mail.to).find((address) => !isCompany(address, domains)) ?? null;
  }
  return (people.find((mail) => !mail.auto) ?? people[0])?.from ?? null;
}

function speakerOfMail(mail: Mail, customer: string | null, domains: readonly string[]): Speaker {
  if (mail.from === null) return 'unknown';
  if (mailSystem.test(mail.from)) return 'system';
  if (domains.length > 0) return isCompany(mail.from, domains) ? 'agent' : 'customer';
  return mail.from === customer ? 'customer' : 'agent';
}
