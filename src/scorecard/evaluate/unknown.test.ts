import { describe, expect, it } from 'vitest';
import type { Session, Word } from '../../session/index.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';
import { judge } from '../testing/card.ts';

const said = (session: Session, item: string, measures = {}) =>
  judge(item, session, annotationsOf(session, { measures })).then((one) => one.verdict);

describe('what is not known', () => {
  it('is unknown where no turn names its speaker, and decided where it makes no difference', async () => {
    const mono = sessionOf([
      ['unknown', 0, 1, 'good morning'],
      ['unknown', 2, 3, 'hi'],
    ]);
    expect(await said(mono, 'expect: { phrase: [good morning], by: agent }')).toBe('unknown');
    expect(await said(mono, 'expect: { phrase: [goodbye], by: agent }')).toBe('unknown');
    expect(await said(mono, 'expect: { phrase: [good morning] }')).toBe('pass');
    const partly = sessionOf([
      ['agent', 0, 1, 'good morning'],
      ['unknown', 2, 3, 'sorry'],
      ['customer', 4, 5, 'hi'],
    ]);
    expect(await said(partly, 'expect: { phrase: [good morning], by: agent }')).toBe('pass');
    expect(await said(partly, 'expect: { phrase: [sorry], by: agent }')).toBe('unknown');
    expect(await said(partly, 'expect: { phrase: [goodbye], by: agent }')).toBe('fail');
    expect(await said(partly, 'expect: { phrase: [good morning], by: agent, turns: first 1 }')).toBe('unknown');
  });

  it('is unknown where a time decides and times are missing', async () => {
    const untimed = sessionOf([
      ['agent', null, null, 'your full name'],
      ['customer', null, null, 'Thanks!'],
    ]);
    expect(await said(untimed, 'expect: { phrase: [full name], by: agent, time: first 10s }')).toBe('unknown');
    expect(await said(untimed, 'expect: { phrase: [date of birth], by: agent, time: first 10s }')).toBe('fail');
    expect(await said(untimed, 'forbid: { silence: { min: 5s } }')).toBe('unknown');
    expect(await said(untimed, 'expect: { response: { within: 30s } }')).toBe('na');
    const asked = sessionOf([
      ['customer', null, null, 'Bo?'],
      ['agent', null, null, 'yes'],
    ]);
    expect(await said(asked, 'expect: { response: { within: 30s } }')).toBe('unknown');
  });

  it('doubts words and absences that were recognised with low confidence', async () => {
    const recognised = (confidence: number) => {
      const words = (text: string): Word[] =>
        text.split(' ').map((word, i) => ({ text: word, startMs: i * 100, endMs: i * 100 + 90, confidence }));
      return sessionOf(
        [
          ['agent', 0, 1, 'good mourning to you', { words: words('good mourning to you') }],
          ['customer', 2, 3, 'hi'],
        ],
        {
          transcript: { origin: 'recognised', recogniser: null, confidence, wordTimes: true, caveats: [] },
        },
      );
    };
    const find = 'expect: { phrase: [good mourning], by: agent }';
    const miss = 'expect: { phrase: [full name], by: agent }';
    expect([await said(recognised(0.9), find), await said(recognised(0.1), find)]).toEqual(['pass', 'unknown']);
    expect([await said(recognised(0.9), miss), await said(recognised(0.1), miss)]).toEqual(['fail', 'unknown']);
    const strict = (await judge(find, recognised(0.9), annotationsOf(recognised(0.9)), 'confidence: { words: 0.95 }'))
      .verdict;
    expect(strict).toBe('unknown');
    const off = await judge(
      miss,
      recognised(0.1),
      annotationsOf(recognised(0.1)),
      'confidence: { words: 0, scope: 0 }',
    );
    expect(off.verdict).toBe('fail');
  });

  it('never lets an empty scope pass in silence', async () => {
    const silent = sessionOf([['customer', 0, 1, 'hello?']]);
    expect(await said(silent, 'expect: { phrase: [good morning], by: agent }')).toBe('fail');
    expect(await said(silent, 'forbid: { phrase: [shut up], by: agent }')).toBe('na');
    expect(await said(silent, 'expect: { not: { phrase: [shut up], by: agent } }')).toBe('na');
    expect(await said(silent, 'expect: { phrase: [shut up], match: none, by: agent }')).toBe('na');
    const item = await judge('expect: { phrase: [good morning], by: agent }', silent);
    expect(item.reason.en).toContain('There was nothing to search');
  });
});

describe('items', () => {
  const chat = sessionOf(
    [
      ['customer', 0, 0, 'awful'],
      ['agent', 5, 5, 'damn, damn, that is bad'],
    ],
    { channel: 'chat' },
  );
  const upset = annotationsOf(chat, { scores: [[1, -0.9]] });

  it('leave other channels, exemptions and manual items out', async () => {
    expect(await judge('channels: [call]\nexpect: { phrase: [x] }', chat)).toMatchObject({
      verdict: 'na',
      reason: { en: 'Applies to calls only.' },
      tree: null,
    });
    expect((await judge('naWhen: { meta: { path: channel, eq: chat } }\nexpect: { phrase: [x] }', chat)).verdict).toBe(
      'na',
    );
    expect(await judge('manualOnly: true', chat)).toMatchObject({ verdict: 'na', manualOnly: true });
  });

  it('need a person’s confirmation where an auto-fail rests on sentiment', async () => {
    const opinion = await judge('autoFail: form\nforbid: { sentiment: { below: -0.6 }, by: customer }', chat, upset);
    expect(opinion).toMatchObject({ verdict: 'fail', needsConfirmation: true });
    const both = await judge(
      'autoFail: form\nforbid: { any: [{ sentiment: { below: -0.6 }, by: customer }, { phrase: [damn] }] }',
      chat,
      upset,
    );
    expect(both).toMatchObject({ verdict: 'fail', needsConfirmation: false });
    const called = await judge(
      'autoFail: form\nwhen: { sentiment: { below: -0.6 }, by: customer }\nforbid: { phrase: [damn] }',
      chat,
      upset,
    );
    expect(called).toMatchObject({ verdict: 'fail', needsConfirmation: true });
  });

  it('deduct once, or per hit up to a limit', async () => {
    const earned = async (keys: string) =>
      (await judge(`type: deduction\n${keys}\nforbid: { phrase: [damn, bad] }`, chat)).earned;
    expect([await earned('once: 4'), await earned('perHit: 2\nmax: 10'), await earned('perHit: 2\nmax: 5')]).toEqual([
      0, 4, 0,
    ]);
  });

  it('score levels and measures', async () => {
    const scale = (first: string) =>
      judge(
        `type: scale\nlevels: [{ points: 1, expect: { phrase: [bad] } }, { points: 3, expect: { phrase: [${first}] } }]`,
        chat,
      );
    expect(await scale('awful')).toMatchObject({ verdict: 'pass', earned: 3, possible: 3 });
    expect(await scale('nothing')).toMatchObject({ verdict: 'fail', earned: 1, possible: 3 });
    const number = (limit: string) =>
      judge(
        `type: number\nmeasure: { response: { within: 30s } }\nbands: [{ to: ${limit}, points: 2 }, { from: ${limit}, to: 1min, points: 1 }]`,
        chat,
      );
    expect([await number('6s'), await number('5s')].map((one) => [one.verdict, one.earned])).toEqual([
      ['pass', 2],
      ['fail', 1],
    ]);
  });

  it('keep the tree of what called for them and what was found', async () => {
    const item = await judge(
      'when: { phrase: [awful], by: customer }\nexpect: { all: [{ phrase: [sorry] }, { phrase: [bad] }], by: agent, after: when }',
      chat,
    );
    expect(item.tree).toMatchObject({
      op: 'when',
      truth: 'false',
      children: [
        { op: 'phrase', truth: 'true' },
        { op: 'all', truth: 'false', children: [{ truth: 'false' }, { truth: 'true' }] },
      ],
    });
    expect(item.reason.en).toBe(
      "The customer said “awful” at 00:00.0. Not found in the agent's turns, after “awful” (1 searched): “sorry”.",
    );
    expect(item.reason.zh).toBe('客户在 00:00.0 说：“awful”。在客服各轮，“awful”之后（共 1 轮）未检出：“sorry”。');
  });
});
