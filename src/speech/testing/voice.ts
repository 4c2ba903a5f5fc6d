/**
 * Vowels from a pulse train through formant resonators (Klatt 1980): speech enough for voice activity, so that tests of
 * the whole path need no recording. 16 kHz, −1…1.
 */
const rate = 16_000;

const formants: Record<string, readonly number[]> = {
  a: [750, 1200, 2500, 3500],
  e: [500, 1900, 2600, 3500],
  i: [300, 2300, 3000, 3600],
  o: [500, 900, 2400, 3400],
  u: [320, 800, 2300, 3400],
};

/** Text of vowels (140 ms each), spaces (80 ms of quiet) and hyphens (1 s of quiet), at a pitch in Hz. */
export function sayVowels(text: string, pitch: number): Float32Array {
  const parts = [...text].map((letter) => {
    if (letter === ' ') return new Float32Array(0.08 * rate);
    if (letter === '-') return new Float32Array(rate);
    return vowel(formants[letter]!, pitch);
  });
  const sound = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    sound.set(part, at);
    at += part.length;
  }
  const peak = sound.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return sound.map((value) => (value / peak) * 0.5);
}

function vowel(bands: readonly number[], pitch: number): Float32Array {
  const length = Math.round(0.14 * rate);
  const sound = new Float32Array(length);
  const states = bands.map(() => [0, 0] as [number, number]);
  let phase = 0;
  for (let i = 0; i < length; i++) {
    phase += (pitch * (1 + 0.03 * Math.sin((i / rate) * 8 * Math.PI))) / rate;
    let value = phase >= 1 ? 1 : 0;
    phase %= 1;
    for (const [k, hz] of bands.entries()) {
      const radius = Math.exp((-Math.PI * (60 + 30 * k)) / rate);
      const [a, b] = [2 * radius * Math.cos((2 * Math.PI * hz) / rate), -radius * radius];
      const [last, before] = states[k]!;
      value = (1 - a - b) * value + a * last + b * before;
      states[k] = [value, last];
    }
    sound[i] = value * Math.min(1, i / 400, (length - i) / 400);
  }
  return sound;
}

/** Channels of one length as a 16-bit WAV file. */
export function wavFile(channels: readonly Float32Array[], sampleRate = rate): Buffer {
  const frames = channels[0]!.length;
  const block = channels.length * 2;
  const bytes = Buffer.alloc(44 + frames * block);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + frames * block, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels.length, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * block, 28);
  bytes.writeUInt16LE(block, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(frames * block, 40);
  for (let i = 0; i < frames; i++)
    for (const [k, channel] of channels.entries())
      bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, channel[i]!)) * 32_767), 44 + i * block + k * 2);
  return bytes;
}
