import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Levels } from './levels.ts';
import { Segmenter, inOrder } from './segmenter.ts';
import { joined, noise, silence } from './testing/sounds.ts';
import type { SpeechSegment } from './types.ts';
import type { SampleSpan } from './voice.ts';

const RATE = 16_000;
const STEP = RATE;

/** Streams whole channels second by second, telling each span in the second after its end, as a detector does. */
function run(channels: { sound: Float32Array; spans: SampleSpan[] }[]): SpeechSegment[] {
  const levels = channels.map(() => new Levels());
  const segmenters = channels.map(
    (_, index) => new Segmenter(index, index === 0 ? 'agent' : 'customer', levels[index]!),
  );
  const out: SpeechSegment[] = [];
  const length = channels[0]!.sound.length;
  for (let at = 0; at < length; at += STEP) {
    const now = Math.min(length, at + STEP);
    for (const [index, { sound, spans }] of channels.entries()) {
      levels[index]!.push(sound.subarray(at, now));
      const ended = spans.filter((span) => span.end > at && span.end <= now);
      const open = spans.find((span) => span.start < now && span.end > now);
      segmenters[index]!.push(sound.subarray(at, now), ended, open?.start ?? now);
    }
    out.push(...inOrder(segmenters));
  }
  for (const segmenter of segmenters) segmenter.push(new Float32Array(0), [], Infinity);
  return [...out, ...inOrder(segmenters)];
}

const times = (segments: SpeechSegment[]) =>
  segments.map(({ channel, startMs, endMs, audioStartMs, samples }) => [
    channel,
    startMs,
    endMs,
    audioStartMs,
    samples.length / 16,
  ]);

describe('Segmenter', () => {
  it('pads by 200 ms, joins what is closer than two pads, and stays inside the recording', () => {
    const sound = silence(10);
    const spans = [
      { start: 0.1 * RATE, end: 1 * RATE },
      { start: 1.3 * RATE, end: 2 * RATE },
      { start: 5 * RATE, end: 9.9 * RATE },
    ];
    expect(times(run([{ sound, spans }]))).toEqual([
      [0, 100, 2000, 0, 2200],
      [0, 5000, 9900, 4800, 5200],
    ]);
  });

  it('cuts long speech at its quietest point without repeating or losing a sample', () => {
    const sound = joined(noise(20, 0.3), noise(0.2, 0.001, 5), noise(19.8, 0.3, 9));
    const segments = run([{ sound, spans: [{ start: 0, end: 40 * RATE }] }]);
    expect(segments).toHaveLength(2);
    expect(segments[0]!.endMs).toBeGreaterThan(20_000);
    expect(segments[0]!.endMs).toBeLessThan(20_200);
    expect(segments[1]!.startMs).toBe(segments[0]!.endMs);
    // As bytes: half a million samples one by one take seconds.
    const kept = joined(...segments.map((segment) => segment.samples));
    expect(Buffer.from(kept.buffer).equals(Buffer.from(sound.buffer))).toBe(true);
  });

  it('orders segments across channels by their start', () => {
    const sound = silence(30);
    const agent = [{ start: 2 * RATE, end: 25 * RATE }];
    const customer = [
      { start: 1 * RATE, end: 1.5 * RATE },
      { start: 4 * RATE, end: 5 * RATE },
      { start: 27 * RATE, end: 28 * RATE },
    ];
    const segments = run([
      { sound, spans: agent },
      { sound, spans: customer },
    ]);
    expect(segments.map(({ role, startMs }) => [role, startMs])).toEqual([
      ['customer', 1000],
      ['agent', 2000],
      ['customer', 4000],
      ['customer', 27_000],
    ]);
  });

  it('keeps every sample of speech once, in segments of at most 28 s, whatever the spans', () => {
    const sound = noise(120, 0.2);
    const anySpans = fc
      .uniqueArray(fc.integer({ min: 0, max: 119_000 }), { maxLength: 12 })
      .map((cuts) => cuts.sort((a, b) => a - b).map((ms) => ms * 16))
      .map((cuts) =>
        cuts.flatMap((start, index) => (index % 2 === 0 && cuts[index + 1] ? [{ start, end: cuts[index + 1]! }] : [])),
      );
    fc.assert(
      fc.property(anySpans, (spans) => {
        const segments = run([{ sound, spans }]);
        let audioEnd = 0;
        for (const { samples, startMs, endMs, audioStartMs } of segments) {
          expect(samples.length).toBeLessThanOrEqual(28 * RATE);
          const from = audioStartMs * 16;
          expect(from).toBeGreaterThanOrEqual(audioEnd - 16);
          expect(audioStartMs).toBeLessThanOrEqual(startMs);
          expect(startMs).toBeLessThan(endMs);
          audioEnd = from + samples.length;
        }
        const held = (at: number) => segments.some(({ startMs, endMs }) => at >= startMs && at <= endMs);
        for (const span of spans) expect([held(span.start / 16), held(span.end / 16)]).toEqual([true, true]);
      }),
      { numRuns: 40 },
    );
  });
});
