import { afterEach, describe, expect, it } from 'vitest';
import { Workspace, encodeChinese, failuresOf, sessionsOf } from './testing/files.ts';
import { stripMail } from './mail-text.ts';

const open: Workspace[] = [];
function workspace(files: Record<string, string | Uint8Array> = {}): Workspace {
  const made = new Workspace(files);
  open.push(made);
  return made;
}
afterEach(() => open.splice(0).forEach((made) => made.dispose()));

function mail(headers: Record<string, string>, body: string): string {
  const all = { From: 'Bob <bob@x.org>', To: 'help@acme.com', ...headers };
  return [...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}
const day = (hour: number) => `Sun, 01 Mar 2026 ${String(hour).padStart(2, '0')}:00:00 +0000`;

describe('e-mail threads', () => {
  const thread = {
    'c.eml': mail({ 'Message-ID': '<1@x>', Subject: 'Broken fridge', Date: day(8) }, 'My fridge is broken.'),
    'a.eml': mail(
      {
        From: 'help@acme.com',
        To: 'bob@x.org',
        'Message-ID': '<2@a>',
        'In-Reply-To': '<1@x>',
        'Auto-Submitted': 'auto-replied',
        Subject: 'Auto: Broken fridge',
        Date: day(8),
      },
      'We got it.',
    ),
    'b.eml': mail(
      {
        From: 'Anna <anna@acme.com>',
        To: 'bob@x.org',
        'Message-ID': '<3@a>',
        References: '<1@x> <2@a>',
        Subject: 'Re: Broken fridge',
        Date: day(10),
      },
      'We are sorry.\r\n\r\nOn Sun, 1 Mar 2026 Bob <bob@x.org> wrote:\r\n> My fridge is broken.\r\n',
    ),
    'd.eml': mail({ 'Message-ID': '<4@x>', Subject: 'RE: Broken fridge', Date: day(12) }, 'Thanks!\r\n-- \r\nBob'),
  };

  it('joins messages of many files by references, falling back to the subject, in order of time', async () => {
    const w = workspace(thread);
    const items = await w.read();
    expect(items).toHaveLength(1);
    const [item] = sessionsOf(items);
    expect(item?.session).toMatchObject({
      channel: 'ticket',
      agentId: 'anna@acme.com',
      customerId: 'bob@x.org',
      startedAt: '2026-03-01T08:00:00.000Z',
    });
    expect(item?.session.turns).toEqual([
      {
        n: 1,
        speaker: 'agent',
        startMs: 0,
        endMs: 0,
        text: 'We got it.',
        visibility: 'public',
        auto: true,
        author: 'help@acme.com',
      },
      {
        n: 2,
        speaker: 'customer',
        startMs: 0,
        endMs: 0,
        text: 'My fridge is broken.',
        visibility: 'public',
        author: 'bob@x.org',
      },
      {
        n: 3,
        speaker: 'agent',
        startMs: 7_200_000,
        endMs: 7_200_000,
        text: 'We are sorry.',
        visibility: 'public',
        author: 'anna@acme.com',
      },
      {
        n: 4,
        speaker: 'customer',
        startMs: 14_400_000,
        endMs: 14_400_000,
        text: 'Thanks!',
        visibility: 'public',
        author: 'bob@x.org',
      },
    ]);
    expect(item?.session.attributes.removed).toEqual([
      { turn: 3, kind: 'quote', text: 'On Sun, 1 Mar 2026 Bob <bob@x.org> wrote:\n> My fridge is broken.' },
      { turn: 4, kind: 'signature', text: '-- \nBob' },
    ]);
  });

  it('knows the company by its domains, whoever wrote first', async () => {
    const w = workspace({
      '1.eml': mail(
        { From: 'sales@mail.acme.com', To: 'bob@x.org', Subject: 'Offer', 'Message-ID': '<1@a>', Date: day(8) },
        'Buy!',
      ),
      '2.eml': mail({ Subject: 'Re: Offer', 'In-Reply-To': '<1@a>', Date: day(9) }, 'No.'),
    });
    const turns = async (companyDomains: string[]) =>
      sessionsOf(await w.read([''], { companyDomains }))[0]?.session.turns.map((t) => t.speaker);
    expect(await turns(['@Acme.com'])).toEqual(['agent', 'customer']);
    expect(await turns([])).toEqual(['customer', 'agent']);
  });

  it('keeps strangers with one subject apart, and counts a copy once', async () => {
    const w = workspace({
      'box.mbox': ['Question', 'Question']
        .map(
          (subject, i) =>
            `From x Sun Mar  1 08:00:00 2026\n${mail({ From: `c${i}@x.org`, Subject: subject, 'Message-ID': `<q${i}@x>`, Date: day(8 + i) }, `Text ${i}\n>From here on`)}\n\n`,
        )
        .join(''),
      'copy.eml': mail(
        { From: 'c0@x.org', Subject: 'Question', 'Message-ID': '<q0@x>', Date: day(8) },
        'Text 0\nFrom here on',
      ),
    });
    const items = await w.read();
    expect(failuresOf(items)).toEqual([]);
    expect(sessionsOf(items).map((item) => [item.session.id, item.source.entry, item.session.turns.length])).toEqual([
      ['q0@x', 'message 1', 1],
      ['q1@x', 'message 2', 1],
    ]);
  });

  it('reads HTML, encoded headers and raw GBK bodies', async () => {
    const w = workspace({
      'a.eml': mail(
        { Subject: '=?gb2312?B?zsrM4g==?=', 'Content-Type': 'text/html; charset=utf-8', Date: day(8) },
        '<style>p{}</style><p>Hi&nbsp;there</p><p>1 &lt; 2</p>',
      ),
      'b.eml': encodeChinese(
        mail({ Subject: 'x', Date: day(8), From: 'li@y.cn' }, '您好，我的订单什么时候可以到？'),
        'gb18030',
      ),
    });
    const items = sessionsOf(await w.read());
    expect(
      items.map((item) => [
        item.session.attributes.subject,
        item.session.turns[0]?.text,
        item.session.language,
        item.notices.map((n) => n.code),
      ]),
    ).toEqual([
      ['问题', 'Hi there\n1 < 2', 'en', []],
      ['x', '您好，我的订单什么时候可以到？', 'zh', ['encoding-guessed']],
    ]);
  });

  it('answers for what is no mail', async () => {
    const w = workspace({ 'a.eml': 'just text', 'b.mbox': 'nothing' });
    expect(failuresOf(await w.read()).map((p) => p.code)).toEqual(['mail-invalid', 'mail-invalid']);
  });
});

describe('stripping', () => {
  it.each([
    ['Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, Anna Berg\n<anna@acme.com> wrote:\n> Old', 'Yes.'],
    ['好的。\n\n在 2026年3月1日 10:00，客服 <kf@acme.cn> 写道：\n> 旧内容', '好的。'],
    ['好的。\n------------------ 原始邮件 ------------------\n发件人: "客服"\n内容', '好的。'],
    ['Fine.\n\nFrom: Anna\nSent: Monday\nTo: Bob\nSubject: x\n\nOld', 'Fine.'],
    ['Text\n\nSent from my iPhone', 'Text'],
    ['收到\n\n发自我的iPhone', '收到'],
    ['> Question one\nAnswer one\n> Question two\nAnswer two', 'Answer one\nAnswer two'],
    ['> only a quote', '> only a quote'],
    [
      'FYI\n---------- Forwarded message ---------\nFrom: C\n> kept',
      'FYI\n---------- Forwarded message ---------\nFrom: C\n> kept',
    ],
    ['From: a clear rule\nI follow it.', 'From: a clear rule\nI follow it.'],
  ])('%j → %j', (text, own) => {
    expect(stripMail(text).text).toBe(own);
  });
});
