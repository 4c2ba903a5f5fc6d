/** Sound made by arithmetic: levels, noise, tones, mixing. Samples are −1…1 at 16 kHz unless said otherwise. */
export const sampleRate = 16_000;

export const samplesOf = (ms: number): number => Math.round((ms * sampleRate) / 1000);
const amplitude = (db: number): number => 10 ** (db / 20);

/** Scales speech so that the root mean square of its louder parts (20-ms frames within 30 dB of the loudest) is `db` dBFS. */
export function levelTo(samples: Float32Array, db: number): Float32Array {
  const frame = samplesOf(20);
  const powers: number[] = [];
  for (let start = 0; start + frame <= samples.length; start += frame) {
    let sum = 0;
    for (const value of samples.subarray(start, start + frame)) sum += value * value;
    powers.push(sum / frame);
  }
  const loudest = Math.max(0, ...powers);
  const active = powers.filter((power) => power > 0 && power >= loudest / 1000);
  if (active.length === 0) return samples;
  const rms = Math.sqrt(active.reduce((sum, power) => sum + power, 0) / active.length);
  const gain = amplitude(db) / rms;
  return samples.map((value) => Math.max(-0.98, Math.min(0.98, value * gain)));
}

/** A small pseudo-random stream (mulberry32), so that the same seed gives the same line noise everywhere. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A channel of quiet line noise: uniform, −66 dBFS. */
export function lineNoise(durationMs: number, seed: number): Float32Array {
  const random = randomStream(seed);
  const peak = amplitude(-66) * Math.sqrt(3);
  return Float32Array.from({ length: samplesOf(durationMs) }, () => (random() * 2 - 1) * peak);
}

/** Adds `sound` to `channel` from `atMs` on. What would lie beyond the channel's end is a mistake of the caller. */
export function addAt(channel: Float32Array, sound: Float32Array, atMs: number): void {
  const start = samplesOf(atMs);
  if (start < 0 || start + sound.length > channel.length)
    throw new Error(`sound at ${atMs} ms does not fit the channel`);
  for (let i = 0; i < sound.length; i++) channel[start + i]! += sound[i]!;
}

/** Sum of sines with 10-ms fades at both ends. */
function tone(durationMs: number, frequencies: readonly number[], db: number): Float32Array {
  const length = samplesOf(durationMs);
  const fade = samplesOf(10);
  const peak = amplitude(db) / Math.sqrt(frequencies.length);
  return Float32Array.from({ length }, (_, i) => {
    const edge = Math.min(1, i / fade, (length - 1 - i) / fade);
    return peak * edge * frequencies.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * i) / sampleRate), 0);
  });
}

function sequence(
  durationMs: number,
  parts: readonly { ms: number; frequencies: readonly number[]; db: number }[],
): Float32Array {
  const sound = new Float32Array(samplesOf(durationMs));
  let atMs = 0;
  for (let i = 0; atMs < durationMs; i++) {
    const { ms, frequencies, db } = parts[i % parts.length]!;
    const length = Math.min(ms, durationMs - atMs);
    if (frequencies.length > 0)
      addAt(sound, tone(length, frequencies, db).subarray(0, sound.length - samplesOf(atMs)), atMs);
    atMs += length;
  }
  return sound;
}

/** North American ringing: 440 + 480 Hz, two seconds on, four off. */
export function ringTone(durationMs: number): Float32Array {
  return sequence(durationMs, [
    { ms: 2000, frequencies: [440, 480], db: -25 },
    { ms: 4000, frequencies: [], db: 0 },
  ]);
}

/** Plain hold music: a broken C major to F major progression, half a second a chord. */
export function holdMusic(durationMs: number): Float32Array {
  const chords = [
    [261.6, 329.6, 392],
    [220, 261.6, 329.6],
    [174.6, 220, 261.6],
    [196, 246.9, 293.7],
  ];
  return sequence(
    durationMs,
    chords.map((frequencies) => ({ ms: 500, frequencies, db: -28 })),
  );
}

/** Float samples as interleaved little-endian 16-bit PCM. All channels have the same length. */
export function toPcm16(channels: readonly Float32Array[]): Buffer {
  const length = channels[0]!.length;
  const bytes = Buffer.alloc(length * channels.length * 2);
  for (let i = 0; i < length; i++)
    for (const [c, channel] of channels.entries()) {
      const value = Math.max(-1, Math.min(1, channel[i]!));
      bytes.writeInt16LE(Math.round(value * 32_767), (i * channels.length + c) * 2);
    }
  return bytes;
}
