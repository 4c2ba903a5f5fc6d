import { describe, expect, it } from 'vitest';
import type { AudioFacts, Session } from '../../session/index.ts';
import { judge } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const call = sessionOf([
  ['customer', 0, 2, 'hello'],
  ['agent', 2, 4, 'good morning'],
  ['customer', 4, 6, '我的订单'],
  ['agent', 6, 8, 'I see'],
  ['customer', 8, 10, '怎么还没到！'],
  ['agent', 10, 10.2, 'well'],
]);
const loudness = [-30, -40, -28, -37, -19, -10];
const channel = (role: 'agent' | 'customer' | 'mixed', session: Session): AudioFacts['channels'][number] => ({
  role,
  speech: session.turns
    .filter(({ speaker }) => speaker === role || role === 'mixed')
    .map(({ n, startMs, endMs }) => ({ startMs: startMs!, endMs: endMs!, db: loudness[n - 1]! })),
  speechDb: null,
  noiseDb: null,
  clipped: 0,
  peaks: [],
});
const facts = (more: Partial<AudioFacts> = {}): AudioFacts => ({
  durationMs: 12_000,
  identicalChannels: false,
  channels: [channel('agent', call), channel('customer', call)],
  silences: [],
  overlaps: [],
  overlapTrusted: true,
  vad: { name: 'test', version: '1' },
  ...more,
});
const ask = (condition: string, audio: AudioFacts | null = facts(), session = call) =>
  judge(`expect: { ${condition} }`, session, { ...annotationsOf(session), audio });
const verdict = async (...given: Parameters<typeof ask>) => (await ask(...given)).verdict;

describe('energy', () => {
  it('holds a turn against the speaker’s own median', async () => {
    // The customer’s median is −28 dBFS: −2, 0 and +9 dB.
    expect(await verdict('energy: { atLeast: 9 }, by: customer')).toBe('pass');
    expect(await verdict('energy: { above: 9 }, by: customer')).toBe('fail');
    expect(await verdict('energy: { atMost: -2 }, by: customer')).toBe('pass');
    expect(await verdict('energy: { above: 5 }, by: customer, turns: first 2')).toBe('fail');
  });

  it('measures the rise from turn to turn and the whole span', async () => {
    expect(await verdict('energy: { of: rise, atLeast: 9, atMost: 9 }, by: customer')).toBe('pass');
    expect(await verdict('energy: { of: rise, atLeast: 9.5 }, by: customer')).toBe('fail');
    expect(await verdict('energy: { of: span, atLeast: 11, atMost: 11 }, by: customer')).toBe('pass');
  });

  it('leaves out short speech, and asks for enough turns', async () => {
    expect(await verdict('energy: { above: 20 }, by: agent')).toBe('na');
    expect(await verdict('energy: { above: 20, minLength: 100ms }, by: agent')).toBe('pass');
    expect(await verdict('energy: { of: span, atMost: 3, minTurns: 2 }, by: agent')).toBe('pass');
  });

  it('shows the words, says it in both languages, and can be an anchor', async () => {
    const item = await judge('forbid: { energy: { above: 6 }, by: customer }', call, {
      ...annotationsOf(call),
      audio: facts(),
    });
    expect(item).toMatchObject({
      verdict: 'fail',
      reason: {
        en: 'The customer spoke 9 dB louder than usual (condition > 6 dB) in “怎么还没到！”.',
        zh: '客户的音量比平时高 9 dB（条件 > 6 dB）：“怎么还没到！”。',
      },
      evidence: [{ kind: 'words', turn: 5, measured: 9, threshold: 6, unit: 'dB' }],
    });
    expect(await verdict('phrase: [well], by: agent, after: { energy: { above: 6 }, by: customer }')).toBe('pass');
  });

  it('is unknown where nothing was heard, or not by speaker', async () => {
    const mono = facts({ channels: [channel('mixed', call)] });
    const old = facts({
      channels: facts().channels.map((one) => ({
        ...one,
        speech: one.speech.map(({ startMs, endMs }) => ({ startMs, endMs })),
      })),
    });
    const strange = {
      ...call,
      turns: call.turns.map((turn) => (turn.n === 3 ? { ...turn, speaker: 'unknown' as const } : turn)),
    };
    const condition = 'energy: { above: 6 }, by: customer';
    expect([
      await verdict(condition, null),
      await verdict(condition, mono),
      await verdict(condition, facts({ identicalChannels: true })),
      await verdict(condition, old),
      await verdict(condition, facts(), strange),
    ]).toEqual(Array(5).fill('unknown'));
  });

  it('does not apply to writing', async () => {
    const chat = sessionOf([['customer', 0, 0, '你好']], { channel: 'chat' });
    expect(await verdict('energy: { above: 6 }', null, chat)).toBe('na');
  });
});
