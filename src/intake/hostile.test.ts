import { closeSync, openSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { sessionSchema } from '../session/index.ts';
import type { Session } from '../session/index.ts';
import { decodedChunks, detectEncoding, guessEncoding } from './encoding.ts';
import { formats } from './formats/index.ts';
import { parseJson } from './json.ts';
import { detectLanguage } from './language.ts';
import { createRegistry } from './registry.ts';
import { speakerOf } from './speakers.ts';
import { Workspace, encodeChinese, failuresOf, sessionsOf } from './testing/files.ts';
import { isoTime, orderedPositions, parseTime } from './times.ts';
import type { InputFile } from './types.ts';

const open: Workspace[] = [];
function workspace(files: Record<string, string | Uint8Array> = {}): Workspace {
  const made = new Workspace(files);
  open.push(made);
  return made;
}
afterEach(() => open.splice(0).forEach((made) => made.dispose()));

const line = (id: string) => JSON.stringify({ id, channel: 'chat', turns: [{ speaker: 'customer', text: 'Hello' }] });

/** Writes a file with a line of `megabytes` in its middle, without holding it in memory. */
function withLongLine(target: string, before: string, after: string, megabytes: number, open: string): void {
  const fd = openSync(target, 'w');
  writeSync(fd, before + open);
  const block = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < megabytes; i++) writeSync(fd, block);
  writeSync(fd, '\n' + after);
  closeSync(fd);
}

describe('lines beyond all measure', () => {
  it('passes over a line of 60 MB in JSONL and CSV in bounded memory, and reads the others', async () => {
    const w = workspace();
    withLongLine(w.at('a.jsonl'), `${line('first')}\n`, line('last'), 60, '{"id":"');
    withLongLine(w.at('b.csv'), 'chatId,role,text\nc1,user,Hi\n', 'c2,user,Hi\n', 60, 'cx,user,');
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const items = await w.read();
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['a.jsonl:2:1', 'line-too-long'],
      ['b.csv:3:1', 'line-too-long'],
    ]);
    expect(sessionsOf(items).map((item) => item.session.id)).toEqual(['first', 'last', 'c1', 'c2']);
    expect(grown).toBeLessThan(200 * 1024 * 1024);
  });

  it('refuses a document that is larger than allowed, and deep nesting', async () => {
    const w = workspace({ 'a.json': `[${line('a')}]`, 'deep.json': '['.repeat(5000) + ']'.repeat(5000) });
    const items = await w.read([''], { limits: { documentBytes: 20_000 } });
    expect(failuresOf(items).map((p) => p.code)).toEqual(['json-invalid']);
    expect(failuresOf(await w.read(['a.json'], { limits: { documentBytes: 10 } })).map((p) => p.code)).toEqual([
      'file-too-large',
    ]);
  });

  it('keeps a key named __proto__ away from prototypes', async () => {
    const w = workspace({
      'a.json': '{"id":"a","channel":"chat","__proto__":{"polluted":1},"turns":[{"speaker":"agent","text":"x"}]}',
    });
    const [item] = sessionsOf(await w.read());
    expect((item?.session.attributes as { polluted?: number }).polluted).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('answers binary data under the name of a text with file-encoding', async () => {
    const w = workspace({
      'a.csv': Buffer.from([0x61, 0, 0xff, 0xfe, 0, 0x80, 1, 2, 3, 0, 0xff]),
      'b.jsonl': Buffer.concat([Buffer.from(line('a') + '\n' + 'x'.repeat(70_000)), Buffer.from([0xff, 0, 0x81])]),
    });
    expect(failuresOf(await w.read()).map((p) => p.code)).toEqual(['file-encoding', 'file-encoding']);
  });
});

describe('encodings', () => {
  const file = (bytes: Uint8Array, size: number): InputFile =>
    ({
      path: 'x',
      entry: null,
      size: bytes.length,
      async *bytes() {
        for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
      },
    }) as unknown as InputFile;
  const simplified = fc
    .array(
      fc.constantFrom(
        '您好',
        '我的订单',
        '什么时候',
        '可以到',
        '退款',
        '请问',
        '谢谢',
        '没有收到',
        '，',
        ' order 17 ',
        '客服',
      ),
      { minLength: 1, maxLength: 30 },
    )
    .map((parts) => '客户：' + parts.join(''));
  const traditional = fc
    .array(
      fc.constantFrom(
        '您好',
        '我的訂單',
        '什麼時候',
        '可以到',
        '退款',
        '請問',
        '謝謝',
        '沒有收到',
        '，',
        ' order 17 ',
        '客服',
      ),
      { minLength: 1, maxLength: 30 },
    )
    .map((parts) => '客戶：' + parts.join(''));

  async function roundTrip(bytes: Uint8Array, size: number) {
    const input = file(bytes, size);
    const encoding = await detectEncoding(input);
    let text = '';
    for await (const chunk of decodedChunks(input, encoding)) text += chunk;
    return { name: encoding.name, guessed: encoding.guessed, text };
  }

  it('reads any Unicode text back from UTF-8 and UTF-16, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !s.includes('\ufeff')),
        fc.integer({ min: 1, max: 7 }),
        async (text, size) => {
          expect((await roundTrip(Buffer.from(text, 'utf8'), size)).text).toBe(text);
          const wide = Buffer.from('\ufeff' + text, 'utf16le');
          expect(await roundTrip(wide, Math.max(4, size))).toEqual({ name: 'utf-16le', guessed: false, text });
          expect(await roundTrip(Buffer.from(wide).swap16(), Math.max(4, size))).toEqual({
            name: 'utf-16be',
            guessed: false,
            text,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('tells GB18030 and Big5 apart even in one short sentence', async () => {
    await fc.assert(
      fc.asyncProperty(simplified, traditional, fc.integer({ min: 1, max: 9 }), async (s, t, size) => {
        expect(await roundTrip(encodeChinese(s, 'gb18030'), size)).toEqual({ name: 'gb18030', guessed: true, text: s });
        expect(await roundTrip(encodeChinese(t, 'big5'), size)).toEqual({ name: 'big5', guessed: true, text: t });
      }),
      { numRuns: 60 },
    );
  });

  it('finds UTF-16 without a mark, Latin-1, and no text in noise', () => {
    expect(guessEncoding(Buffer.from('id,text\n1,hello', 'utf16le'), false)).toEqual({
      name: 'utf-16le',
      guessed: true,
    });
    expect(
      guessEncoding(
        Buffer.from(
          'Der Kunde ist verärgert über die späte Lieferung der Küche. Das können wir nicht ändern, würden aber gerne für Abhilfe sorgen.',
          'latin1',
        ),
        false,
      )?.name,
    ).toMatch(/1252|8859-1$/);
    expect(guessEncoding(Uint8Array.of(0, 1, 2, 0xff, 0xfe, 0x80, 0), false)).toBeNull();
  });
});

describe('sessions in the own vocabulary', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9一-龥 ._-]{1,12}$/);
  const nullable = fc.option(name, { nil: null });
  const word = fc.record({
    text: fc.string({ maxLength: 8 }),
    startMs: fc.nat(1000),
    endMs: fc.nat(2000),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const turn = fc.record(
    {
      speaker: fc.constantFrom('agent', 'customer', 'bot', 'system', 'unknown'),
      gap: fc.nat(5000),
      length: fc.nat(5000),
      text: fc.string({ unit: 'grapheme', maxLength: 40 }),
      visibility: fc.constantFrom('public', 'internal'),
      words: fc.array(word, { maxLength: 3 }),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      auto: fc.boolean(),
      author: name,
    },
    { requiredKeys: ['speaker', 'gap', 'length', 'text', 'visibility'] },
  );
  const session = fc
    .record({
      id: name,
      channel: fc.constantFrom('call', 'chat', 'ticket'),
      language: fc.constantFrom('en', 'zh', 'zh-Hant', 'de'),
      agentId: nullable,
      customerId: nullable,
      team: nullable,
      queue: nullable,
      startedAt: fc.option(
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((d) => d.toISOString()),
        { nil: null },
      ),
      attributes: fc.dictionary(
        name.filter((key) => !['__proto__'].includes(key)),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      recording: fc.constant(null),
      transcript: fc.constant({ origin: 'given', recogniser: null, confidence: null, wordTimes: false, caveats: [] }),
      turns: fc.array(turn, { minLength: 1, maxLength: 6 }),
    })
    .map((raw) => {
      let at = 0;
      const turns = raw.turns.map(({ gap, length, ...rest }, i) => {
        const startMs = (at += gap);
        return {
          ...rest,
          n: i + 1,
          startMs,
          endMs: raw.channel === 'call' ? startMs + length : startMs,
          text: i === 0 ? rest.text + 'x' : rest.text,
        };
      });
      return { ...raw, agentId: raw.agentId ?? 'agent-1', turns } as unknown as Session;
    })
    .filter((value) => sessionSchema.safeParse(value).success);

  it('come back unchanged, whatever they hold', async () => {
    const w = workspace();
    await fc.assert(
      fc.asyncProperty(session, async (value) => {
        // JSON has no −0; everything else it can write must survive.
        const written = JSON.parse(JSON.stringify(value)) as Session;
        w.write('s.json', JSON.stringify(written));
        const items = await w.read(['s.json']);
        expect(failuresOf(items)).toEqual([]);
        expect(sessionsOf(items)[0]?.session).toEqual(written);
      }),
      { numRuns: 80 },
    );
  });

  it('keep unknown keys as attributes', async () => {
    const w = workspace({
      'a.jsonl':
        '{"id":"a","channel":"chat","csat":1,"attributes":{"x":[1]},"turns":[{"speaker":"agent","text":"Hi"}]}',
    });
    expect(sessionsOf(await w.read())[0]?.session.attributes).toEqual({ csat: 1, x: [1] });
  });
});

describe('small laws', () => {
  it('JSON faults are found exactly where JSON.parse fails, and nowhere else', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '}', ',', '"', 'x', ']', ':', '\\'),
        (text, position, junk) => {
          const at = position % (text.length + 1);
          const changed = text.slice(0, at) + junk + text.slice(at);
          let valid = true;
          try {
            JSON.parse(changed);
          } catch {
            valid = false;
          }
          const parsed = parseJson(changed);
          expect('value' in parsed).toBe(valid);
          if ('fault' in parsed) {
            expect(parsed.fault.message).not.toBe('not valid JSON');
            expect(parsed.fault.line).toBeGreaterThanOrEqual(1);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('times: any instant comes back from ISO, epoch seconds and milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200_000_000, max: 4_000_000_000 }), (s) => {
        const ms = s * 1000;
        const iso = new Date(ms).toISOString();
        for (const value of [s, ms, String(s), iso, iso.replace('Z', '+00:00'), iso.slice(0, 19).replace('T', ' ')])
          expect(parseTime(value, 'UTC')).toEqual({ kind: 'instant', ms });
      }),
    );
    const at = (value: unknown, zone = 'UTC') => isoTime(value, zone);
    expect([
      at('2026/3/1 10:22:05'),
      at('2026年3月1日 下午3:05'),
      at('2026-03-01T10-22-05'),
      at('20260301-102205'),
      at('2026/3/1 10:22', 'Asia/Shanghai'),
      at('2026-03-01T10:00:00+08:00'),
    ]).toEqual([
      '2026-03-01T10:22:05.000Z',
      '2026-03-01T15:05:00.000Z',
      '2026-03-01T10:22:05.000Z',
      '2026-03-01T10:22:05.000Z',
      '2026-03-01T02:22:00.000Z',
      '2026-03-01T10:00:00+08:00',
    ]);
    expect([
      at('2026-02-31'),
      at('03/04/2026'),
      at('soon'),
      at('2026-01-01 25:00'),
      parseTime('00:01:02.5', 'UTC'),
      parseTime(3.2, 'UTC'),
    ]).toEqual([null, null, null, null, { kind: 'offset', ms: 62_500 }, { kind: 'offset', ms: 3200 }]);
  });

  it('the kept times never run backwards, and no larger set would do', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 10 }), (times) => {
        const kept = [...orderedPositions(times)].sort((a, b) => a - b);
        kept.forEach((index, i) => i > 0 && expect(times[index]!).toBeGreaterThanOrEqual(times[kept[i - 1]!]!));
        let largest = 0;
        for (let set = 0; set < 1 << times.length; set++) {
          const chosen = times.filter((_, i) => set & (1 << i));
          if (chosen.every((time, i) => i === 0 || time >= chosen[i - 1]!)) largest = Math.max(largest, chosen.length);
        }
        expect(kept.length).toBe(largest);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['Agent 17', 'agent'],
    ['agent17', 'agent'],
    ['客服小王', 'agent'],
    ['智能客服', 'bot'],
    ['机器人-01', 'bot'],
    ['用户（138）', 'customer'],
    ['VISITOR', 'customer'],
    ['End User', 'customer'],
    ['system', 'system'],
    ['agency', null],
    ['useful', null],
    ['Bob', null],
  ])('speaker %s → %s', (label, speaker) => {
    expect(speakerOf(label, { agent: null, customer: null })).toBe(speaker);
  });

  it.each([
    ['Hello, my order is late', 'en', 'en'],
    ['Hello, my order is late', 'zh', 'en'],
    ['您好，我的订单 A17 还没到', 'en', 'zh'],
    ['您好，我的訂單還沒到', 'en', 'zh'],
    ['My name is 王小明 and I want a refund for order number five', 'en', 'en'],
    ['Guten Tag, wo bleibt meine Bestellung', 'de', 'de'],
    ['注文はまだ届きません', 'en', 'ja'],
    ['12345 !!', 'zh', 'zh'],
  ])('language of %s (default %s) → %s', (text, fallback, language) => {
    expect(detectLanguage(text, fallback)).toBe(language);
  });

  it('the registry refuses gaps, doubles and shared extensions', () => {
    expect(formats.map((format) => format.id)).toHaveLength(14);
    expect(() => createRegistry(formats.slice(1))).toThrow('"zip" has no adapter');
    expect(() => createRegistry([...formats, formats[0]!])).toThrow('"zip" is there twice');
    expect(() => createRegistry([{ ...formats[0]!, extensions: ['.csv'] }, ...formats.slice(1)])).toThrow(
      'claimed by both',
    );
  });
});
