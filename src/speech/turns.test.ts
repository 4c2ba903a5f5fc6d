import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTurns, type Utterance, type UtteranceWord } from './turns.ts';

/** `word@start-end` in ms. */
function said(channel: number, text: string): Utterance {
  const words = text.split(' ').map((item): UtteranceWord => {
    const [, word, start, end] = /^(.+)@(\d+)-(\d+)$/.exec(item)!;
    return { text: word!, startMs: Number(start), endMs: Number(end), confidence: 0.5, spaced: true };
  });
  return {
    channel,
    role: channel === 0 ? 'agent' : 'customer',
    startMs: words[0]!.startMs,
    endMs: words.at(-1)!.endMs,
    text: words.map((word) => word.text).join(' '),
    words,
  };
}

const brief = (utterances: Utterance[]) =>
  buildTurns(utterances).map((turn) => [turn.n, turn.speaker, turn.startMs, turn.endMs, turn.text]);

describe('buildTurns', () => {
  it('gives whole turns with words, mean confidence and roles', () => {
    expect(buildTurns([said(0, 'thank@100-300 you@300-500')])).toEqual([
      {
        n: 1,
        speaker: 'agent',
        startMs: 100,
        endMs: 500,
        text: 'thank you',
        words: [
          { text: 'thank', startMs: 100, endMs: 300, confidence: 0.5 },
          { text: 'you', startMs: 300, endMs: 500, confidence: 0.5 },
        ],
        confidence: 0.5,
        visibility: 'public',
      },
    ]);
  });

  it('cuts a speaker at a pause of 0.8 s, and not below', () => {
    expect(brief([said(0, 'one@0-200 two@999-1200 three@2000-2300')])).toEqual([
      [1, 'agent', 0, 1200, 'one two'],
      [2, 'agent', 2000, 2300, 'three'],
    ]);
  });

  it('joins what voice activity cut inside a phrase', () => {
    expect(brief([said(0, 'my@0-200 name@200-400'), said(0, 'is@700-900 Anna@900-1300')])).toEqual([
      [1, 'agent', 0, 1300, 'my name is Anna'],
    ]);
  });

  it('keeps a back-channel as a turn of its own and the other turn whole', () => {
    expect(brief([said(0, 'it@0-300 will@300-600 arrive@600-1500'), said(1, 'okay@700-900')])).toEqual([
      [1, 'agent', 0, 1500, 'it will arrive'],
      [2, 'customer', 700, 900, 'okay'],
    ]);
  });

  it('takes a whole stretch as one piece where there are no word times', () => {
    const utterance: Utterance = {
      channel: 0,
      role: 'mixed',
      startMs: 500,
      endMs: 2500,
      text: 'Guten Tag.',
      words: null,
    };
    expect(buildTurns([utterance])).toEqual([
      { n: 1, speaker: 'unknown', startMs: 500, endMs: 2500, text: 'Guten Tag.', visibility: 'public' },
    ]);
  });

  it('writes Chinese without spaces, also where two stretches meet', () => {
    const chinese = (text: string, startMs: number): Utterance => ({
      channel: 0,
      role: 'agent',
      startMs,
      endMs: startMs + 600,
      text,
      words: [...text].map((character, i) => ({
        text: character,
        startMs: startMs + i * 200,
        endMs: startMs + i * 200 + 200,
        confidence: null,
        spaced: i === 0,
      })),
    });
    const [turn] = buildTurns([chinese('您好，', 0), chinese('请讲', 700)]);
    expect(turn?.text).toBe('您好，请讲');
    expect(turn?.confidence).toBeUndefined();
  });

  it('loses and invents no word, numbers turns in order of start, keeps each within its words', () => {
    const utterance = fc
      .record({
        channel: fc.nat(1),
        startMs: fc.nat(60_000),
        gaps: fc.array(fc.nat(1500), { minLength: 1, maxLength: 6 }),
      })
      .map(({ channel, startMs, gaps }) => {
        let at = startMs;
        return said(
          channel,
          gaps
            .map((gap, i) => {
              const start = at + gap;
              at = start + 150;
              return `w${i}@${start}-${at}`;
            })
            .join(' '),
        );
      });
    fc.assert(
      fc.property(fc.array(utterance, { maxLength: 8 }), (utterances) => {
        const turns = buildTurns(utterances);
        const spoken = utterances.flatMap((item) => item.words!).map((word) => `${word.text}@${word.startMs}`);
        const kept = turns.flatMap((turn) => turn.words!).map((word) => `${word.text}@${word.startMs}`);
        expect(kept.sort()).toEqual(spoken.sort());
        expect(turns.map((turn) => turn.n)).toEqual(turns.map((_, i) => i + 1));
        for (const [i, turn] of turns.entries()) {
          expect(turn.text).toBe(turn.words!.map((word) => word.text).join(' '));
          expect(turn.startMs).toBe(Math.min(...turn.words!.map((word) => word.startMs)));
          expect(turn.endMs).toBe(Math.max(...turn.words!.map((word) => word.endMs)));
          if (i > 0) expect(turn.startMs).toBeGreaterThanOrEqual(turns[i - 1]!.startMs!);
        }
      }),
    );
  });
});
