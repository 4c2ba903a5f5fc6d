import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotationsSchema, EarwitnessError } from '../session/index.ts';
import { createAnnotator } from './annotate.ts';
import { sessionOf } from './testing/session.ts';

const annotator = createAnnotator();
const score = (text: string, speaker: 'agent' | 'customer' = 'customer', language = 'en') =>
  annotator.annotate(sessionOf('chat', language, [[speaker, 0, 0, text]]), null).sentiment.turns[0]!;

describe('sentiment of a turn', () => {
  it.each([
    ['en', "I'm not happy with this at all.", -1, -0.4],
    ['en', 'This is the third time I am calling and I am still waiting.', -1, -0.6],
    ['en', 'That is unacceptable!', -1, -0.6],
    ['en', 'I have never been so disappointed.', -1, -0.6],
    ['en', 'Thanks, that is fine.', 0.1, 0.7],
    ['en', 'Can I change the delivery address?', -0.15, 0.15],
    ['en', 'If it does not work, can I send it back?', -0.25, 0.25],
    ['en', 'No problem, take your time.', 0.1, 1],
    ['zh', '我对你们的服务很不满意', -1, -0.5],
    ['zh', '我對你們的服務很不滿意', -1, -0.5],
    ['zh', '等了很久都没人处理，太差了', -1, -0.7],
    ['zh', '我要投诉', -1, -0.5],
    ['zh', '谢谢', 0.1, 0.5],
    ['zh', '请问保修期是多长时间？', -0.15, 0.15],
    ['zh', '我买了一台滚筒洗衣机', -0.15, 0.15],
    ['zh', '没问题，谢谢您', 0.2, 0.8],
  ])('%s: "%s" lies between %f and %f', (language, text, from, to) => {
    const found = score(text, 'customer', language).score;
    expect(found).toBeGreaterThanOrEqual(from);
    expect(found).toBeLessThanOrEqual(to);
  });

  it('does not take an agent for angry who restates a complaint or apologises', () => {
    for (const [language, text] of [
      ['en', 'So your washing machine is broken and you are still waiting for the part, is that right?'],
      ['en', 'I am so sorry to hear that, I understand how frustrating that must be.'],
      ['zh', '您是说洗衣机坏了，还没收到配件，对吗？'],
      ['zh', '非常抱歉给您带来不便，已经为您登记了投诉。'],
    ] as const)
      expect([text, score(text, 'agent', language).score > -0.25]).toEqual([text, true]);
    expect(score('So my washing machine is broken and I am still waiting.').score).toBeLessThan(-0.5);
  });

  it('hears blame and impatience in the agent only', () => {
    expect(score("Calm down, that's not my problem.", 'agent').score).toBeLessThan(-0.5);
    expect(score('这不归我管', 'agent', 'zh').score).toBeLessThan(-0.5);
    expect(score('这不归我管', 'customer', 'zh').score).toBeGreaterThan(-0.25);
  });

  it('commits itself less the less it has read', () => {
    expect(Math.abs(score('ok').score)).toBeLessThan(0.1);
    expect(Math.abs(score('No.').score)).toBeLessThan(0.15);
    expect(score('ok').confidence).toBeLessThan(0.25);
    expect(score('qwx zvkk').confidence).toBeLessThan(0.25);
    expect(Math.abs(score('qwx zvkk').score)).toBeLessThan(0.2);
    expect(score('嗯', 'customer', 'zh').confidence).toBeLessThan(0.1);
    expect(score('This is completely unacceptable.').confidence).toBeGreaterThan(0.6);
  });

  it('scores public turns of people only, in the two languages it knows', () => {
    const { sentiment } = annotator.annotate(
      sessionOf('chat', 'en', [
        ['bot', 0, 0, 'terrible'],
        ['agent', 1, 1, 'terrible', { auto: true }],
        ['agent', 2, 2, 'terrible customer', { visibility: 'internal' }],
        ['customer', 3, 3, '...'],
        ['customer', 4, 4, 'terrible'],
        ['unknown', 5, 5, 'terrible'],
      ]),
      null,
    );
    expect(sentiment.turns.map(({ turn, speaker }) => [turn, speaker])).toEqual([
      [5, 'customer'],
      [6, 'unknown'],
    ]);
    expect([sentiment.customer?.turns, sentiment.agent]).toEqual([1, null]);
    expect(annotator.annotate(sessionOf('chat', 'fr', [['customer', 0, 0, 'terrible']]), null).sentiment.turns).toEqual(
      [],
    );
  });

  it('holds any text: bounded, repeatable, never throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('en', 'zh-Hant'), (text, language) => {
        const session = sessionOf('chat', language, [['customer', 0, 0, text]]);
        const first = annotator.annotate(session, null);
        annotationsSchema.parse(first);
        expect(createAnnotator().annotate(session, null)).toEqual(first);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the model files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'earwitness-sentiment-'));
    await cp('models/sentiment', folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are pinned: the same files give the same hash, and reading waits for the first use', () => {
    expect(createAnnotator({ modelDir: folder }).model).toEqual(annotator.model);
    expect(annotator.model.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(() => createAnnotator({ modelDir: join(folder, 'nowhere') })).not.toThrow();
  });

  it('are refused when changed or missing', async () => {
    const bytes = await readFile(join(folder, 'zh.bin'));
    bytes[100]! ^= 1;
    await writeFile(join(folder, 'zh.bin'), bytes);
    const codeOf = (modelDir: string) => {
      try {
        return createAnnotator({ modelDir }).model;
      } catch (error) {
        return error instanceof EarwitnessError ? error.code : error;
      }
    };
    expect(codeOf(folder)).toBe('model-corrupt');
    expect(codeOf(join(folder, 'nowhere'))).toBe('model-corrupt');
  });
});
