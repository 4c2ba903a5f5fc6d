import { describe, expect, it } from 'vitest';
import { haveFfmpeg, joined, noise, silence, speech, tone } from './testing/sounds.ts';
import { EnergyDetector } from './voice-energy.ts';
import { SileroDetector } from './voice-silero.ts';
import type { SampleSpan, VoiceDetector } from './voice.ts';

const RATE = 16_000;

function listen(
  detector: VoiceDetector,
  sound: Float32Array,
  step = 4000,
): { spans: SampleSpan[]; late: SampleSpan[] } {
  const spans: SampleSpan[] = [];
  const late: SampleSpan[] = [];
  let horizon = 0;
  const take = (found: SampleSpan[]) => {
    spans.push(...found);
    late.push(...found.filter((span) => span.start < horizon));
  };
  for (let at = 0; at < sound.length; at += step) {
    take(detector.push(sound.subarray(at, at + step)));
    expect(detector.horizon()).toBeGreaterThanOrEqual(horizon);
    horizon = detector.horizon();
  }
  take(detector.finish());
  detector.release();
  return { spans, late };
}

async function silero(): Promise<VoiceDetector> {
  const detector = await SileroDetector.create();
  expect(detector).not.toBeNull();
  return detector!;
}

describe.skipIf(!haveFfmpeg)('voice detectors', () => {
  const sentence = haveFfmpeg ? speech('Thank you for calling. How can I help you today?') : silence(1);
  const seconds = sentence.length / RATE;
  const call = joined(silence(3), sentence, silence(70), sentence, silence(3));

  it('silero finds each sentence, also after more than a minute of digital silence', async () => {
    const { spans, late } = listen(await silero(), call);
    const first = spans.filter((span) => span.end < 30 * RATE);
    const second = spans.filter((span) => span.start > 60 * RATE);
    expect(first.length + second.length).toBe(spans.length);
    expect(late).toEqual([]);
    for (const [found, from] of [
      [first, 3],
      [second, 73 + seconds],
    ] as const) {
      expect(Math.abs(found[0]!.start / RATE - from)).toBeLessThan(0.4);
      expect(Math.abs(found.at(-1)!.end / RATE - from - seconds)).toBeLessThan(0.6);
    }
  });

  it('silero gives the same spans however the sound is cut, and from a used detector', async () => {
    const whole = listen(await silero(), call, call.length);
    expect(listen(await silero(), call, 1000)).toEqual(whole);
    expect(listen(await silero(), call, 777)).toEqual(whole);
  });

  it('silero hands over endless speech in pieces', async () => {
    const endless = joined(...Array.from({ length: 30 }, () => sentence.slice(2000, -4000)));
    const { spans, late } = listen(await silero(), endless);
    expect(late).toEqual([]);
    expect(Math.max(...spans.map((span) => span.end - span.start))).toBeLessThan(45 * RATE);
    const heard = spans.reduce((sum, span) => sum + span.end - span.start, 0);
    expect(heard / endless.length).toBeGreaterThan(0.85);
  });

  it('silero does not take tones and noise for speech', async () => {
    expect(listen(await silero(), joined(tone(440, 5, 0.3), noise(5, 0.1), silence(2))).spans).toEqual([]);
  });

  it('the detector by loudness finds the sentences too', () => {
    const { spans, late } = listen(new EnergyDetector(), call);
    expect(late).toEqual([]);
    expect(spans[0]!.start / RATE).toBeGreaterThan(2.9);
    expect(spans[0]!.start / RATE).toBeLessThan(3.4);
    expect(spans.some((span) => span.start > 73 * RATE)).toBe(true);
    expect(listen(new EnergyDetector(), noise(10, 0.05)).spans).toEqual([]);
  });
});
