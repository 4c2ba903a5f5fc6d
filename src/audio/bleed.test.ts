import { describe, expect, it } from 'vitest';
import { withoutBleed } from './bleed.ts';
import { Levels } from './levels.ts';
import { haveFfmpeg, joined, mixed, noise, scaled, silence, speech } from './testing/sounds.ts';

function levelsOf(sound: Float32Array): Levels {
  const levels = new Levels();
  levels.push(sound);
  levels.finish();
  return levels;
}

const delayed = (sound: Float32Array, ms: number) => joined(new Float32Array(ms * 16), sound);

describe.skipIf(!haveFfmpeg)('withoutBleed', () => {
  const agent = haveFfmpeg
    ? speech('I am sorry to hear that. Let me look up the order and see where the parcel is now.')
    : silence(1);
  const customer = haveFfmpeg ? speech('Yes please do that. I have waited for two weeks already.', 'kal') : silence(1);
  const line = noise(20, 0.0005);

  it('drops the echo of the other side, with its delay', () => {
    const echo = mixed(line.slice(0, agent.length + 2400), delayed(scaled(agent, 0.03), 120));
    expect(withoutBleed({ start: 0, end: agent.length }, levelsOf(echo), levelsOf(agent))).toEqual([]);
  });

  it('keeps what this side says after the echo', () => {
    const pause = silence(0.4);
    const own = mixed(delayed(scaled(agent, 0.03), 120), joined(silence(agent.length / 16_000), pause, customer));
    const other = joined(agent, silence(10));
    const [kept, ...more] = withoutBleed({ start: 0, end: own.length }, levelsOf(own), levelsOf(other));
    expect(more).toEqual([]);
    expect(kept!.end).toBe(own.length);
    expect(Math.abs(kept!.start - agent.length)).toBeLessThan(0.5 * 16_000);
  });

  it('keeps a second speaker, also a quieter one, who talks at the same time', () => {
    const length = Math.min(agent.length, customer.length);
    const span = { start: 0, end: length };
    for (const gain of [1, 0.3, 0.1]) {
      const kept = withoutBleed(
        span,
        levelsOf(scaled(customer.slice(0, length), gain)),
        levelsOf(agent.slice(0, length)),
      );
      const samples = kept.reduce((sum, part) => sum + part.end - part.start, 0);
      expect(samples / length).toBeGreaterThan(gain === 0.1 ? 0.6 : 0.9);
    }
  });

  it('keeps speech while the other side is quiet', () => {
    const span = { start: 0, end: customer.length };
    expect(withoutBleed(span, levelsOf(scaled(customer, 0.05)), levelsOf(line))).toEqual([span]);
  });
});
