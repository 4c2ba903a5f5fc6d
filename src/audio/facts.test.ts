import { describe, expect, it } from 'vitest';
import type { Role, Span } from '../session/index.ts';
import { summarise } from './facts.ts';
import { Levels } from './levels.ts';
import { joined, mixed, noise, silence, tone } from './testing/sounds.ts';

function channel(role: Role, sound: Float32Array, speech: Span[]) {
  const levels = new Levels();
  levels.push(sound);
  levels.finish();
  return { role, levels, speech };
}

const about = { durationMs: 10_000, identicalChannels: false, vad: { name: 'x', version: '1' } };
const line = noise(10, 0.002);

describe('summarise', () => {
  it('tells hold music from quiet and from line noise', () => {
    const agent = mixed(line, joined(tone(300, 2), silence(2), tone(440, 3, 0.1), silence(3)));
    const facts = summarise(
      [
        channel('agent', agent, [{ startMs: 0, endMs: 2000 }]),
        channel('customer', line, [{ startMs: 7000, endMs: 7500 }]),
      ],
      about,
    );
    expect(facts.silences).toEqual([
      { startMs: 2000, endMs: 7000, hold: true },
      { startMs: 7500, endMs: 10_000, hold: false },
    ]);
  });

  it('does not take a ringing tone with long pauses, or short clicks, for hold', () => {
    const ring = joined(tone(440, 1, 0.2), silence(4), tone(440, 1, 0.2), silence(4));
    expect(summarise([channel('mixed', ring, [])], about).silences).toEqual([
      { startMs: 0, endMs: 10_000, hold: false },
    ]);
  });

  it('finds overlaps of the two sides, and only where each has a channel', () => {
    const speech = [{ startMs: 1000, endMs: 4000 }];
    const other = [
      { startMs: 3500, endMs: 5000 },
      { startMs: 3900, endMs: 5200 },
    ];
    const both = summarise([channel('agent', line, speech), channel('customer', line, other)], about);
    expect([both.overlapTrusted, both.overlaps]).toEqual([true, [{ startMs: 3500, endMs: 4000 }]]);
    expect(both.channels[1]!.speech).toMatchObject([{ startMs: 3500, endMs: 5200 }]);
    const same = summarise([channel('agent', line, speech), channel('agent', line, other)], about);
    expect([same.overlapTrusted, same.overlaps]).toEqual([false, []]);
    expect(summarise([channel('mixed', line, speech)], about).overlapTrusted).toBe(false);
  });

  it('measures loudness, clipping and peaks', () => {
    const sound = joined(
      tone(100, 5, 0.5),
      silence(4),
      tone(100, 1, 3).map((x) => Math.max(-1, Math.min(1, x))),
    );
    const [measured] = summarise([channel('mixed', sound, [{ startMs: 0, endMs: 5000 }])], about).channels;
    expect(measured!.speechDb).toBeCloseTo(-9, 1);
    expect(measured!.noiseDb).toBeCloseTo(-7.6, 0);
    expect(measured!.clipped).toBeCloseTo(0.1 * (1 - (2 / Math.PI) * Math.asin(0.98 / 3)), 3);
    expect(measured!.peaks).toHaveLength(500);
    expect([measured!.peaks[0], measured!.peaks[300], measured!.peaks[499]]).toEqual([0.5, 0, 1]);
  });

  it('gives each stretch of speech its own loudness, and none to one shorter than a frame', () => {
    const sound = joined(tone(200, 2, 0.1), silence(1), tone(200, 2, 0.4), silence(5));
    const spans = [
      { startMs: 0, endMs: 2000 },
      { startMs: 3000, endMs: 5000 },
      { startMs: 7001, endMs: 7015 },
    ];
    expect(summarise([channel('agent', sound, spans)], about).channels[0]!.speech).toEqual([
      { ...spans[0], db: -23 },
      { ...spans[1], db: -11 },
      spans[2],
    ]);
  });

  it('answers null where there is no speech, or nothing else, and never with infinity', () => {
    const mute = channel('mixed', silence(10), []);
    expect(summarise([mute], about).channels[0]).toMatchObject({ speechDb: null, noiseDb: -96, clipped: 0 });
    const full = channel('mixed', tone(100, 10), [{ startMs: 0, endMs: 10_000 }]);
    expect(summarise([full], about).channels[0]!.noiseDb).toBeNull();
  });
});
