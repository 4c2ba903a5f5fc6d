import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gapsBetween,
  type Measures,
  measuresSchema,
  mergeSpans,
  overlapMs,
  type Speaker,
} from '../../session/index.ts';
import { audioOf, sessionOf } from '../testing/session.ts';
import { measure } from './measure.ts';

describe('a call with trusted times', () => {
  const session = sessionOf('call', 'en', [
    ['system', 0, 2, 'This call may be recorded.'],
    ['agent', 3.5, 6, 'Thank you for calling Acme, how can I help?'],
    ['customer', 6.5, 12, 'My order arrived broken, and I would like to have it'],
    ['agent', 10, 13, 'let me stop you there please'],
    ['customer', 25, 27, 'Okay.'],
  ]);

  it('measures zeros, silences, talk-over, answers and rates', () => {
    const expected: Measures = {
      zero: { recordingStart: 0, firstSpeech: 3500, firstAgentWord: 3500, firstCustomerWord: 6500 },
      durationMs: 27_000,
      timesTrusted: true,
      timesNote: null,
      turnCount: { agent: 2, customer: 2, all: 5 },
      talkMs: { agent: 5500, customer: 7500 },
      silences: [
        { startMs: 2000, endMs: 3500, previousTurn: 1, nextTurn: 2, hold: false },
        { startMs: 13_000, endMs: 25_000, previousTurn: 4, nextTurn: 5, hold: false },
      ],
      interruptions: [{ startMs: 10_000, endMs: 12_000, by: 'agent', turn: 4, overTurn: 3, characters: 16, words: 4 }],
      overlapTrusted: true,
      responses: [{ customerTurn: 3, agentTurn: 4, waitMs: 0 }],
      speechRate: { agent: (15 * 60_000) / 5500, customer: (12 * 60_000) / 7500 },
    };
    expect(measure(session, null)).toEqual(expected);
  });

  it('marks a gap that music fills as a hold, and never calls a gap with a voice in it silent', () => {
    const audio = audioOf(30_000, {
      silences: [{ startMs: 13_500, endMs: 18_000, hold: true }],
      channels: [
        {
          role: 'agent',
          speech: [{ startMs: 18_500, endMs: 19_500 }],
          speechDb: -20,
          noiseDb: -60,
          clipped: 0,
          peaks: [],
        },
      ],
    });
    expect(measure(session, audio).silences).toEqual([
      { startMs: 2000, endMs: 3500, previousTurn: 1, nextTurn: 2, hold: false },
      { startMs: 13_000, endMs: 18_500, previousTurn: 4, nextTurn: 5, hold: true },
      { startMs: 19_500, endMs: 25_000, previousTurn: 4, nextTurn: 5, hold: false },
      { startMs: 27_000, endMs: 30_000, previousTurn: 5, nextTurn: null, hold: false },
    ]);
  });

  it('finds a pause inside a turn by its word times, and no talk-over into that pause', () => {
    const words = [
      { text: 'Please', startMs: 0, endMs: 500 },
      { text: 'wait', startMs: 600, endMs: 1000 },
      { text: 'Done', startMs: 9000, endMs: 9500 },
    ];
    const found = measure(
      sessionOf('call', 'en', [
        ['agent', 0, 9.5, 'Please wait Done', { words }],
        ['customer', 4, 4.4, 'Hm'],
      ]),
      null,
    );
    expect(found.silences).toEqual([
      { startMs: 1000, endMs: 4000, previousTurn: 1, nextTurn: 2, hold: false },
      { startMs: 4400, endMs: 9000, previousTurn: 2, nextTurn: 1, hold: false },
    ]);
    expect(found.interruptions).toEqual([]);
  });

  it('counts timed words said into the other, and Chinese by characters', () => {
    const words = [
      { text: '您', startMs: 2000, endMs: 2200 },
      { text: '先', startMs: 2200, endMs: 2400 },
      { text: '别急', startMs: 3200, endMs: 3600 },
    ];
    const found = measure(
      sessionOf('call', 'zh', [
        ['customer', 0, 3, '我的洗衣机坏了已经三天了'],
        ['agent', 2, 3.6, '您先别急', { words }],
      ]),
      null,
    );
    expect(found.interruptions).toEqual([
      { startMs: 2000, endMs: 3000, by: 'agent', turn: 2, overTurn: 1, characters: 2, words: 2 },
    ]);
    expect(found.speechRate).toEqual({ agent: (4 * 60_000) / 1600, customer: (12 * 60_000) / 3000 });
  });
});

describe('what cannot be trusted', () => {
  it('answers nothing about talk-over on mono, on identical channels or with unknown speakers', () => {
    const session = sessionOf('call', 'en', [
      ['agent', 0, 5, 'one two three'],
      ['customer', 3, 8, 'four five six'],
    ]);
    const unknown = { ...session, turns: session.turns.map((turn) => ({ ...turn, speaker: 'unknown' as const })) };
    const recording = {
      path: 'a.wav',
      sha256: '',
      durationMs: 8000,
      container: 'wav',
      codec: 'pcm',
      sampleRate: 8000,
      channels: 1,
      roles: ['mixed' as const],
    };
    const seen = [
      measure(session, null),
      measure(session, audioOf(8000, { overlapTrusted: false })),
      measure(session, audioOf(8000, { identicalChannels: true })),
      measure({ ...session, recording }, null),
      measure(unknown, null),
    ].map(({ overlapTrusted, interruptions, talkMs }) => [overlapTrusted, interruptions.length, talkMs !== null]);
    expect(seen).toEqual([
      [true, 1, true],
      [false, 0, true],
      [false, 0, true],
      [false, 0, true],
      [false, 0, false],
    ]);
  });

  it.each([
    ['no turns', sessionOf('call', 'en', []), /no turns/],
    ['a turn without time', sessionOf('chat', 'en', [['agent', null, null, 'Hi']]), /Turn 1 has no time/],
    ['a turn that ends first', sessionOf('call', 'en', [['agent', 5, 4, 'Hi']]), /ends before/],
    [
      'a clock that runs back',
      sessionOf('chat', 'en', [
        ['agent', 60, 60, 'Hi'],
        ['customer', 2, 2, 'Hi'],
      ]),
      /Turn 2 starts before/,
    ],
    ['a call without ends', sessionOf('call', 'en', [['agent', 5, 5, 'Hello there']]), /no end/],
  ])('says why: %s', (_, session, note) => {
    const measures = measure(session, null);
    expect(measures).toMatchObject({ timesTrusted: false, silences: [], interruptions: [], talkMs: null });
    expect(measures.timesNote?.en).toMatch(note);
    expect(measures.timesNote?.zh).toMatch(/\p{Script=Han}/u);
  });
});

describe('answers', () => {
  const waits = (lines: Parameters<typeof sessionOf>[2], language = 'en') =>
    measure(sessionOf('chat', language, lines), null).responses;

  it('runs from the first unanswered message to the next human, public answer', () => {
    expect(
      waits([
        ['customer', 0, 0, 'Where is my order?'],
        ['agent', 1, 1, 'We have received your message.', { auto: true }],
        ['bot', 2, 2, 'Have you seen our help pages?'],
        ['customer', 20, 20, 'Hello?'],
        ['agent', 25, 25, 'look at order 12', { visibility: 'internal' }],
        ['agent', 50, 50, 'It arrives tomorrow.'],
        ['customer', 60, 60, 'And the invoice?'],
      ]),
    ).toEqual([
      { customerTurn: 1, agentTurn: 6, waitMs: 50_000 },
      { customerTurn: 7, agentTurn: null, waitMs: null },
    ]);
  });

  it.each([
    'Thanks!',
    'ok great, thank you very much',
    'Bye',
    "no that's all thanks",
    '好的谢谢',
    '没有了，谢谢您',
    '嗯嗯，再见',
    '👍',
  ])('needs no answer to a closing "%s"', (text) => {
    expect(
      waits([
        ['agent', 0, 0, 'Anything else?'],
        ['customer', 5, 5, text],
      ]),
    ).toEqual([]);
  });

  it.each([
    'Thanks, but where is my refund?',
    'thank you for nothing, I want my money',
    '好的，那什么时候到账',
    '谢谢，不过还是没收到',
  ])('still waits after "%s"', (text) => {
    expect(
      waits([
        ['agent', 0, 0, 'Anything else?'],
        ['customer', 5, 5, text],
      ]),
    ).toEqual([{ customerTurn: 2, agentTurn: null, waitMs: null }]);
  });

  it('takes a bare "ok" as a go-ahead only when the agent went on', () => {
    expect(
      waits([
        ['agent', 0, 0, 'Shall I book it?'],
        ['customer', 5, 5, 'Yes'],
        ['agent', 9, 9, 'Done.'],
        ['customer', 12, 12, 'ok'],
      ]),
    ).toEqual([{ customerTurn: 2, agentTurn: 3, waitMs: 4000 }]);
  });

  it('does not call a message unanswered when the next speaker is unknown', () => {
    expect(
      waits([
        ['customer', 0, 0, 'Where is my order?'],
        ['unknown', 5, 5, 'It arrives tomorrow.'],
      ]),
    ).toEqual([]);
  });
});

describe('laws', () => {
  const speakers: Speaker[] = ['agent', 'customer', 'bot', 'system'];
  const callArbitrary = fc
    .array(
      fc.record({
        speaker: fc.constantFrom(...speakers),
        step: fc.integer({ min: 0, max: 6000 }),
        length: fc.integer({ min: 1, max: 8000 }),
        text: fc.constantFrom('yes', 'where is it?', 'thanks', 'hold the line please', '好的', '什么时候到'),
        auto: fc.boolean(),
      }),
      { minLength: 1, maxLength: 25 },
    )
    .map((steps) => {
      let at = 0;
      return sessionOf(
        'call',
        'en',
        steps.map(({ speaker, step, length, text, auto }) => {
          at += step;
          return [speaker, at / 1000, (at + length) / 1000, text, { auto }];
        }),
      );
    });

  it('silences are ordered, at least a second long, and touch no speech', () => {
    fc.assert(
      fc.property(callArbitrary, (session) => {
        const { silences } = measure(session, null);
        for (const [i, gap] of silences.entries()) {
          expect(gap.endMs - gap.startMs).toBeGreaterThanOrEqual(1000);
          if (i > 0) expect(gap.startMs).toBeGreaterThanOrEqual(silences[i - 1]!.endMs);
          for (const { startMs, endMs } of session.turns)
            expect(overlapMs(gap, { startMs: startMs!, endMs: endMs! })).toBe(0);
        }
      }),
    );
  });

  it('silence and speech together fill the call, but for gaps under a second', () => {
    fc.assert(
      fc.property(callArbitrary, (session) => {
        const { silences, durationMs } = measure(session, null);
        const spoken = session.turns.map(({ startMs, endMs }) => ({ startMs: startMs!, endMs: endMs! }));
        const left = gapsBetween(mergeSpans([...spoken, ...silences]), 0, durationMs!);
        expect(left.filter(({ startMs, endMs }) => endMs - startMs >= 1000)).toEqual([]);
      }),
    );
  });

  it('talk-over lies inside both turns, and the interrupter starts later', () => {
    fc.assert(
      fc.property(callArbitrary, (session) => {
        for (const { startMs, endMs, by, turn, overTurn, characters } of measure(session, null).interruptions) {
          const own = session.turns[turn - 1]!;
          const other = session.turns[overTurn - 1]!;
          expect(endMs - startMs).toBeGreaterThanOrEqual(200);
          expect(own.speaker).toBe(by);
          expect(startMs).toBe(own.startMs);
          expect(own.startMs!).toBeGreaterThan(other.startMs!);
          expect(Math.max(own.startMs!, other.startMs!)).toBeLessThanOrEqual(startMs);
          expect(Math.min(own.endMs!, other.endMs!)).toBeGreaterThanOrEqual(endMs);
          expect(characters).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('answers pair a customer with a later human; only the last may be open; nothing human lies between', () => {
    fc.assert(
      fc.property(callArbitrary, (session) => {
        const { responses } = measure(session, null);
        for (const [i, { customerTurn, agentTurn, waitMs }] of responses.entries()) {
          expect(session.turns[customerTurn - 1]!.speaker).toBe('customer');
          if (agentTurn === null) {
            expect([i, waitMs]).toEqual([responses.length - 1, null]);
            continue;
          }
          expect(agentTurn).toBeGreaterThan(customerTurn);
          expect(waitMs).toBeGreaterThanOrEqual(0);
          if (i > 0) expect(customerTurn).toBeGreaterThan(responses[i - 1]!.agentTurn!);
          const human = session.turns.slice(customerTurn, agentTurn).filter((t) => t.speaker === 'agent' && !t.auto);
          expect(human.map(({ n }) => n)).toEqual([agentTurn]);
        }
      }),
    );
  });

  it('always fits the schema', () => {
    fc.assert(fc.property(callArbitrary, (session) => void measuresSchema.parse(measure(session, null))));
  });
});
