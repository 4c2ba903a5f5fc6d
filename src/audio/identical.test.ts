import { describe, expect, it } from 'vitest';
import { channelsIdentical } from './identical.ts';
import { joined, mixed, noise, scaled, silence, tone } from './testing/sounds.ts';

async function* blocks(left: Float32Array, right: Float32Array, counter = { read: 0 }) {
  for (let at = 0; at < left.length; at += 5000) {
    counter.read = at;
    yield [left.slice(at, at + 5000), right.slice(at, at + 5000)];
  }
}

const sound = joined(tone(300, 3, 0.3), silence(2), noise(5, 0.1), silence(3));

describe('channelsIdentical', () => {
  it('knows the same signal twice: exact, at another level, and with the error of lossy coding', async () => {
    expect(await channelsIdentical(blocks(sound, sound))).toBe(true);
    expect(await channelsIdentical(blocks(sound, scaled(sound, 0.5)))).toBe(true);
    expect(await channelsIdentical(blocks(sound, mixed(sound, noise(13, 0.0008, 3))))).toBe(true);
  });

  it('is not fooled by a common beginning, echo, opposite phase, or silence', async () => {
    const common = tone(440, 5, 0.3);
    expect(await channelsIdentical(blocks(joined(common, sound), joined(common, noise(13, 0.1, 9))))).toBe(false);
    expect(await channelsIdentical(blocks(sound, scaled(sound, 0.05)))).toBe(false);
    expect(await channelsIdentical(blocks(sound, scaled(sound, -1)))).toBe(false);
    expect(await channelsIdentical(blocks(sound, silence(13)))).toBe(false);
    expect(await channelsIdentical(blocks(silence(13), silence(13)))).toBe(false);
  });

  it('stops as soon as two seconds of sound differ', async () => {
    const counter = { read: 0 };
    await channelsIdentical(blocks(noise(60, 0.1), noise(60, 0.1, 2), counter));
    expect(counter.read).toBeLessThan(3 * 16_000);
  });
});
