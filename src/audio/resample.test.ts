import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler } from './resample.ts';
import { differenceDb, joined, noise, tone } from './testing/sounds.ts';

function convert(input: Float32Array, rate: number, cuts: number[] = []): Float32Array {
  const resampler = new Resampler(rate);
  const parts: Float32Array[] = [];
  let at = 0;
  for (const cut of [...cuts.filter((cut) => cut < input.length).sort((a, b) => a - b), input.length]) {
    parts.push(resampler.push(input.slice(at, cut)));
    at = cut;
  }
  return joined(...parts, resampler.finish());
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe('Resampler', () => {
  it.each([8000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000])(
    'keeps a tone from %i Hz in place and size',
    (rate) => {
      const output = convert(tone(1000, 1, 0.5, rate), rate);
      const wanted = tone(1000, 1);
      expect(output.length).toBe(16_000);
      // The ends ring, as there the tone begins and stops at once.
      expect(differenceDb(wanted.slice(400, -400), output.slice(400, -400))).toBeLessThan(-80);
    },
  );

  it('leaves nothing of what cannot be told at 16 kHz', () => {
    expect(rms(convert(tone(10_000, 0.5, 0.5, 44_100), 44_100).slice(400, -400))).toBeLessThan(0.5 * 10 ** (-80 / 20));
  });

  it('gives the same samples however the input is cut, and as many as the time asks for', () => {
    const input = noise(0.05, 0.5);
    const rate = fc.constantFrom(8000, 11_025, 44_100, 48_000, 8001);
    fc.assert(
      fc.property(rate, fc.array(fc.integer({ min: 0, max: input.length }), { maxLength: 8 }), (from, cuts) => {
        const whole = convert(input, from);
        expect(whole.length).toBe(Math.round((input.length * 16_000) / from));
        expect(convert(input, from, cuts)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});
