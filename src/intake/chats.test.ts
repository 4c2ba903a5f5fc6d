import { afterEach, describe, expect, it } from 'vitest';
import { Workspace, encodeChinese, failuresOf, sessionsOf } from './testing/files.ts';
import type { IntakeSession } from './index.ts';

const open: Workspace[] = [];
function workspace(files: Record<string, string | Uint8Array> = {}): Workspace {
  const made = new Workspace(files);
  open.push(made);
  return made;
}
afterEach(() => open.splice(0).forEach((made) => made.dispose()));

const brief = ({ session }: IntakeSession) => session.turns.map((turn) => [turn.speaker, turn.startMs, turn.text]);

describe('chat JSON', () => {
  it('reads a bare list of messages in any of the usual shapes', async () => {
    const w = workspace({
      'a.json': JSON.stringify([
        { role: 'visitor', content: 'Hi', created_at: 1772359325 },
        { sender: { type: 'operator', name: 'Anna' }, body: 'Hello', timestamp: 1772359330500 },
        { from: 'robot', message: { text: 'Beep' }, time: '2026-03-01T10:02:15Z' },
        { author: '系统', content: [{ type: 'text', text: 'Closed' }], date: '2026/3/1 10:02:16' },
      ]),
    });
    const [item] = sessionsOf(await w.read());
    expect(item).toEqual({
      kind: 'session',
      session: {
        id: 'a',
        channel: 'chat',
        language: 'en',
        agentId: 'Anna',
        customerId: null,
        team: null,
        queue: null,
        startedAt: '2026-03-01T10:02:05.000Z',
        attributes: {},
        recording: null,
        transcript: { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
        turns: [
          { n: 1, speaker: 'customer', startMs: 0, endMs: 0, text: 'Hi', visibility: 'public' },
          { n: 2, speaker: 'agent', startMs: 5500, endMs: 5500, text: 'Hello', visibility: 'public', author: 'Anna' },
          { n: 3, speaker: 'bot', startMs: 10_000, endMs: 10_000, text: 'Beep', visibility: 'public' },
          { n: 4, speaker: 'system', startMs: 11_000, endMs: 11_000, text: 'Closed', visibility: 'public' },
        ],
      },
      recordingPath: null,
      channelRoles: null,
      source: { path: w.at('a.json'), entry: null },
      notices: [],
    });
  });

  it('reads wrapped lists, messages that name their session, and keeps what it does not know', async () => {
    const w = workspace({
      'wrapped.json': JSON.stringify({
        conversations: [
          { conversationId: 7, agent: { name: '小王' }, rating: 5, messages: [{ sender: '顾客', text: '您好' }] },
          { conversationId: 8, messages: [{ sender: 'Zorro', text: 'Hola' }] },
        ],
      }),
      'flat.jsonl': [
        '{"chatId":"x","role":"user","text":"1","ts":1772359325}',
        '{"chatId":"y","role":"user","text":"2","ts":1772359325}',
        '{"chatId":"x","role":"staff","text":"3","ts":1772359326}',
      ].join('\n'),
    });
    const items = sessionsOf(await w.read());
    expect(
      items.map((item) => [item.session.id, item.source.entry, brief(item), item.notices.map((n) => n.code)]),
    ).toEqual([
      [
        'x',
        'line 1',
        [
          ['customer', 0, '1'],
          ['agent', 1000, '3'],
        ],
        [],
      ],
      ['y', 'line 2', [['customer', 0, '2']], []],
      ['7', 'item 1', [['customer', null, '您好']], ['times-missing']],
      ['8', 'item 2', [['unknown', null, 'Hola']], ['times-missing', 'speaker-unknown']],
    ]);
    expect(items[2]?.session).toMatchObject({ agentId: '小王', language: 'zh', attributes: { rating: 5 } });
    expect(items[3]?.notices[1]?.message).toContain('"Zorro"');
  });

  it('names every fault of a session at once, with its path, and reads the others', async () => {
    const w = workspace({
      's.jsonl': [
        '{"id":"bad","channel":"fax","language":"??","turns":[{"speaker":"agent","startMs":"3","text":"a"},{"speaker":5,"startMs":0.5}]}',
        '{"id":"good","channel":"chat","turns":[{"speaker":"agent","text":"a"}]}',
        '{"id":"empty","channel":"chat","turns":[]}',
        '{"id":"blank","channel":"chat","turns":[{"speaker":"agent","text":" "}]}',
        '{"id":"cut","turns":[{',
        '[1]',
      ].join('\n'),
    });
    const items = await w.read();
    expect(sessionsOf(items).map((item) => item.session.id)).toEqual(['good']);
    const failures = failuresOf(items).map((p) => [w.relative(p.path), p.code]);
    expect(failures).toEqual([
      ['s.jsonl:1', 'session-invalid'],
      ['s.jsonl:3', 'session-empty'],
      ['s.jsonl:4', 'session-empty'],
      ['s.jsonl:5:23', 'json-invalid'],
      ['s.jsonl:6:1', 'session-invalid'],
    ]);
    const { message } = failuresOf(items)[0]!;
    for (const path of [
      'channel:',
      'language:',
      'turns[0].startMs:',
      'turns[1].speaker:',
      'turns[1].startMs:',
      'turns[1].text:',
    ])
      expect(message).toContain(path);
  });

  it('points at the fault in a broken document', async () => {
    const w = workspace({
      'a.json': '{\n  "turns": [\n    {"text": "x"},,\n  ]\n}',
      'b.json': '{"a": 1}',
      'c.json': '[]',
    });
    expect(failuresOf(await w.read()).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['a.json:3:19', 'json-invalid'],
      ['b.json', 'session-empty'],
      ['c.json', 'session-empty'],
    ]);
  });

  it('turns an export round that runs newest first, and takes the time from messages by a wrong clock', async () => {
    const at = (seconds: number) => 1772359000 + seconds;
    const messages = (...times: number[]) => times.map((t, i) => ({ role: 'user', text: `${i}`, time: at(t) }));
    const w = workspace({
      '1.json': JSON.stringify({ messages: messages(30, 20, 20, 0) }),
      '2.json': JSON.stringify({ messages: messages(0, 500, 10, 20) }),
      '3.json': JSON.stringify({ channel: 'call', messages: messages(0, 20, 10) }),
    });
    const items = sessionsOf(await w.read());
    expect(
      items.map((item) => [brief(item).map(([, start, text]) => [start, text]), item.notices.map((n) => n.code)]),
    ).toEqual([
      [
        [
          [0, '3'],
          [20_000, '2'],
          [20_000, '1'],
          [30_000, '0'],
        ],
        ['times-backwards'],
      ],
      [
        [
          [0, '0'],
          [null, '1'],
          [10_000, '2'],
          [20_000, '3'],
        ],
        ['times-backwards'],
      ],
      [
        [
          [0, '0'],
          [10_000, '2'],
          [20_000, '1'],
        ],
        ['times-backwards'],
      ],
    ]);
  });

  it('marks automatic replies of the company, not words of the customer', async () => {
    const w = workspace({
      'a.json': JSON.stringify([
        { role: 'user', text: 'This is an automated message?' },
        { role: 'agent', text: '【自动回复】您好，客服稍后为您服务。' },
        { role: 'agent', text: 'This is an automated reply.' },
        { role: 'agent', text: 'Hello, Anna speaking.' },
      ]),
    });
    expect(sessionsOf(await w.read())[0]?.session.turns.map((turn) => turn.auto)).toEqual([
      undefined,
      true,
      true,
      undefined,
    ]);
  });
});

describe('chat CSV', () => {
  const rows =
    '会话ID,时间,角色,内容,坐席,满意度\nC1,2026/3/1 10:22:05,客户,"你好,我要退款",小王,5\nC2,2026/3/1 10:22:06,顾客,在吗,小李,\nC1,2026/3/1 10:22:15,客服,请问订单号是多少？,小王,5\n';

  it.each(['gb18030', 'utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be'] as const)(
    'reads Chinese headers in %s',
    async (encoding) => {
      const wide = Buffer.from('\ufeff' + rows, 'utf16le');
      const bytes = {
        gb18030: () => encodeChinese(rows, 'gb18030'),
        'utf-8': () => Buffer.from(rows),
        'utf-8-bom': () => Buffer.from('\ufeff' + rows),
        'utf-16le': () => wide,
        'utf-16be': () => Buffer.from(wide).swap16(),
      }[encoding]();
      const w = workspace({ 'chats.csv': bytes });
      const items = await w.read([''], { timeZone: 'Asia/Shanghai' });
      expect(failuresOf(items)).toEqual([]);
      expect(
        sessionsOf(items).map((item) => ({
          id: item.session.id,
          agent: item.session.agentId,
          at: item.session.startedAt,
          attributes: item.session.attributes,
          turns: brief(item),
          entry: item.source.entry,
        })),
      ).toEqual([
        {
          id: 'C1',
          agent: '小王',
          at: '2026-03-01T02:22:05.000Z',
          attributes: { 满意度: '5' },
          turns: [
            ['customer', 0, '你好,我要退款'],
            ['agent', 10_000, '请问订单号是多少？'],
          ],
          entry: 'line 2',
        },
        {
          id: 'C2',
          agent: '小李',
          at: '2026-03-01T02:22:06.000Z',
          attributes: {},
          turns: [['customer', 0, '在吗']],
          entry: 'line 3',
        },
      ]);
      expect(sessionsOf(items)[0]?.notices.map((n) => [n.code, n.message])).toEqual(
        encoding === 'gb18030'
          ? [['encoding-guessed', 'The file does not state its encoding; it was read as GB18030.']]
          : [],
      );
    },
  );

  it('finds the delimiter, maps own columns and labels, and goes on after broken rows', async () => {
    const w = workspace({
      'a.csv':
        'Gespraech;Wer;text;time\n1;K;"He said ""5"" screen";2026-03-01T10:00:00Z\n1;A;ok;2026-03-01T10:00:09Z;;extra\n1;A;"never closed;x\n1;A;"two\nlines";2026-03-01T10:00:10Z\n',
    });
    const items = await w.read([''], {
      columns: { Gespraech: 'id', Wer: 'speaker' },
      speakers: { K: 'customer', A: 'agent' },
    });
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['a.csv:3:1', 'csv-invalid'],
      ['a.csv:4:5', 'csv-invalid'],
    ]);
    expect(sessionsOf(items).map((item) => [item.session.id, brief(item)])).toEqual([
      [
        '1',
        [
          ['customer', 0, 'He said "5" screen'],
          ['agent', 10_000, 'two\nlines'],
        ],
      ],
    ]);
  });

  it('says which columns a table has when none holds text', async () => {
    const w = workspace({ 'a.csv': 'alpha,beta\n1,2\n' });
    expect(failuresOf(await w.read())).toMatchObject([
      { code: 'csv-invalid', message: expect.stringContaining('"alpha", "beta"') as string },
    ]);
  });
});

describe('tickets', () => {
  it('reads fields, comments and internal notes', async () => {
    const w = workspace({
      't.json': JSON.stringify({
        ticket: {
          id: 31,
          subject: 'Broken fridge',
          description: 'My fridge is broken.',
          status: 'open',
          order_no: 'A-1',
          requester_id: 7,
          assignee_id: 9,
          created_at: '2026-03-01T10:00:00Z',
          custom: { x: 1 },
        },
        comments: [
          { author_id: 9, body: 'Please call her.', public: false, created_at: '2026-03-01T10:05:00Z' },
          { author_id: 9, body: 'We are sorry.', public: true, created_at: '2026-03-01T11:00:00Z' },
          { author_id: 7, body: 'Thanks', created_at: '2026-03-01T12:00:00Z' },
          { author_id: 12, body: 'Hm', created_at: '2026-03-01T12:00:01Z' },
        ],
      }),
    });
    const [item] = sessionsOf(await w.read());
    expect(item?.session).toMatchObject({
      id: '31',
      channel: 'ticket',
      agentId: '9',
      customerId: '7',
      startedAt: '2026-03-01T10:00:00.000Z',
      attributes: { subject: 'Broken fridge', status: 'open', orderNumber: 'A-1', custom: { x: 1 } },
    });
    expect(item?.session.turns.map((t) => [t.speaker, t.startMs, t.visibility])).toEqual([
      ['customer', 0, 'public'],
      ['agent', 300_000, 'internal'],
      ['agent', 3_600_000, 'public'],
      ['customer', 7_200_000, 'public'],
      ['unknown', 7_201_000, 'public'],
    ]);
  });

  it('reads a table with one ticket in each row', async () => {
    const w = workspace({
      'tickets.csv':
        '工单号,主题,问题描述,优先级,分类,状态,订单号,回复\nT1,冰箱坏了,冰箱不制冷,高,维修,处理中,A1,已安排上门维修\nT2,退款,要退款,低,,,,\n',
    });
    const items = await w.read();
    expect(failuresOf(items)).toEqual([]);
    expect(
      sessionsOf(items).map((item) => ({
        ...item.session.attributes,
        id: item.session.id,
        channel: item.session.channel,
        turns: brief(item).map(([who, , text]) => [who, text]),
      })),
    ).toEqual([
      {
        id: 'T1',
        channel: 'ticket',
        subject: '冰箱坏了',
        priority: '高',
        category: '维修',
        status: '处理中',
        orderNumber: 'A1',
        turns: [
          ['customer', '冰箱不制冷'],
          ['agent', '已安排上门维修'],
        ],
      },
      { id: 'T2', channel: 'ticket', subject: '退款', priority: '低', turns: [['customer', '要退款']] },
    ]);
  });
});
