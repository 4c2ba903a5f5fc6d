import { existsSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../session/index.ts';
import { decodeFile, truncationNotice } from './decode.ts';
import { inspectFile } from './inspect.ts';
import {
  chunk,
  differenceDb,
  ffmpeg,
  format,
  haveFfmpeg,
  joined,
  mixed,
  noise,
  readBytes,
  riff,
  soundFolder,
  tone,
  writeWav,
} from './testing/sounds.ts';
import type { AudioProbe } from './types.ts';

const folder = soundFolder();
const environment = process.env.EARWITNESS_FFMPEG;
afterEach(() => {
  if (environment === undefined) delete process.env.EARWITNESS_FFMPEG;
  else process.env.EARWITNESS_FFMPEG = environment;
});
afterAll(folder.remove);

interface Decoded {
  probe: AudioProbe;
  byHand: boolean;
  channels: Float32Array[];
  notices: Problem[];
  truncation: string | null;
}

async function decode(path: string, tool?: 'none'): Promise<Decoded> {
  if (tool) process.env.EARWITNESS_FFMPEG = tool;
  else delete process.env.EARWITNESS_FFMPEG;
  const input = await inspectFile(path);
  try {
    const notices: Problem[] = [];
    const parts: Float32Array[][] = input.probe.channels === 2 ? [[], []] : [[]];
    for await (const block of decodeFile(input, (notice) => notices.push(notice))) {
      for (const [index, channel] of block.entries()) parts[index]!.push(channel);
    }
    const channels = parts.map((part) => joined(...part));
    const truncation = truncationNotice(input, Math.round(channels[0]!.length / 16))?.message ?? null;
    return { probe: input.probe, byHand: input.ffmpeg === null, channels, notices, truncation };
  } finally {
    await input.file.close();
  }
}

/** Sound with something in the whole telephone band and different on both sides. */
const left = mixed(tone(440, 2, 0.3), noise(2, 0.05));
const right = mixed(tone(1234, 2, 0.2), noise(2, 0.02, 7));

describe('WAV by hand', () => {
  it.each([
    ['pcm_u8', -25],
    ['pcm_s16le', -80],
    ['pcm_s24le', -80],
    ['pcm_s32le', -80],
    ['pcm_f32le', -80],
    ['pcm_f64le', -80],
    ['pcm_mulaw', -30],
    ['pcm_alaw', -30],
  ])('%s comes out as it went in', async (codec, limitDb) => {
    if (!haveFfmpeg) return;
    const source = writeWav(folder.path('source.wav'), [left, right]);
    const path = folder.path(`${codec}.wav`);
    ffmpeg('-i', source, '-c:a', codec, path);
    const decoded = await decode(path, 'none');
    expect(decoded.probe).toEqual({ container: 'wav', codec, sampleRate: 16_000, channels: 2, durationMs: 2000 });
    expect(decoded.channels.map((channel) => channel.length)).toEqual([32_000, 32_000]);
    expect(differenceDb(left, decoded.channels[0]!)).toBeLessThan(limitDb);
    expect(differenceDb(right, decoded.channels[1]!)).toBeLessThan(limitDb);
  });

  it('hits the ends of the G.711 scales', async () => {
    const path = folder.path('ends.wav');
    await writeFile(path, riff([format({ tag: 7, bits: 8 }), chunk('data', Buffer.from([0x00, 0x80, 0xff, 0x7f]))]));
    expect([...(await decode(path, 'none')).channels[0]!]).toEqual(
      [-32_124, 32_124, 0, -0].map((value) => value / 32_768),
    );
    await writeFile(path, riff([format({ tag: 6, bits: 8 }), chunk('data', Buffer.from([0x2a, 0xaa, 0xd5, 0x55]))]));
    expect([...(await decode(path, 'none')).channels[0]!]).toEqual(
      [-32_256, 32_256, 8, -8].map((value) => value / 32_768),
    );
  });
});

describe.skipIf(!haveFfmpeg)('both ways of decoding', () => {
  it.each([
    ['8k.wav', ['-ar', '8000']],
    ['8k-mulaw.wav', ['-ar', '8000', '-c:a', 'pcm_mulaw']],
    ['44k.wav', ['-ar', '44100']],
    ['48k-24.wav', ['-ar', '48000', '-c:a', 'pcm_s24le']],
    ['44k.mp3', ['-ar', '44100', '-b:a', '128k']],
    ['8k-mono.mp3', ['-ar', '8000', '-ac', '1']],
    ['stereo.opus', ['-c:a', 'libopus', '-b:a', '64k']],
    ['mono.ogg', ['-c:a', 'libopus', '-ac', '1']],
  ])('agree on %s', async (name, options) => {
    const source = writeWav(folder.path('source.wav'), [left, right]);
    const path = folder.path(name);
    ffmpeg('-i', source, ...options, path);
    const [main, fallback] = [await decode(path), await decode(path, 'none')];
    expect([main.byHand, fallback.byHand]).toEqual([false, true]);
    expect({ ...fallback.probe, durationMs: 0 }).toEqual({ ...main.probe, durationMs: 0 });
    expect(Math.abs(fallback.probe.durationMs - main.probe.durationMs)).toBeLessThanOrEqual(160);
    for (const [index, channel] of main.channels.entries()) {
      expect(Math.abs(channel.length - fallback.channels[index]!.length)).toBeLessThanOrEqual(16);
      // Both ends ring differently, and near 8 kHz the two low-pass filters differ.
      expect(differenceDb(channel.slice(800, -800), fallback.channels[index]!.slice(800, -800))).toBeLessThan(-30);
    }
    expect([...main.notices, ...fallback.notices]).toEqual([]);
  });

  it('give what is left of a cut-off mp3, and say how much is missing', async () => {
    const path = folder.path('cut.mp3');
    ffmpeg('-i', writeWav(folder.path('source.wav'), [joined(left, left)]), '-b:a', '64k', path);
    await truncate(path, Math.round(readBytes(path).length / 2));
    for (const tool of [undefined, 'none'] as const) {
      const decoded = await decode(path, tool);
      expect(decoded.channels[0]!.length).toBeGreaterThan(28_000);
      expect(decoded.channels[0]!.length).toBeLessThan(36_000);
      expect(decoded.truncation).toMatch(/^The header promises 4\.\d+ s, but the file ends after .* are missing\.$/);
    }
  });
});

// ffmpeg's own Opus decoder differs from libopus by about −20 dB; alignment shows at −4 dB for one sample of music.
describe.skipIf(!existsSync('../shared/audio'))('both ways of decoding real files', () => {
  it.each(['silero-test.wav', 'silero-test.mp3', 'silero-test.opus', 'whatstheweatherlike-mulaw.wav'])(
    'agree on %s',
    async (name) => {
      const [main, fallback] = [
        await decode(`../shared/audio/${name}`),
        await decode(`../shared/audio/${name}`, 'none'),
      ];
      for (const [index, channel] of main.channels.entries()) {
        expect(Math.abs(channel.length - fallback.channels[index]!.length)).toBeLessThanOrEqual(160);
        expect(differenceDb(channel.slice(800, -800), fallback.channels[index]!.slice(800, -800))).toBeLessThan(-15);
      }
    },
  );
});

describe.skipIf(!haveFfmpeg)('formats that need ffmpeg', () => {
  it.each([
    ['a.flac', [], 'flac', 'flac'],
    ['a.m4a', ['-c:a', 'aac'], 'mp4', 'aac'],
    ['a.aac', ['-c:a', 'aac'], 'aac', 'aac'],
    ['a.gsm', ['-c:a', 'libgsm', '-ar', '8000', '-ac', '1'], 'gsm', 'gsm'],
    ['gsm.wav', ['-c:a', 'libgsm_ms', '-ar', '8000', '-ac', '1'], 'wav', 'gsm_ms'],
    ['adpcm.wav', ['-c:a', 'adpcm_ima_wav'], 'wav', 'adpcm_ima_wav'],
    ['vorbis.ogg', ['-c:a', 'libvorbis'], 'ogg', 'vorbis'],
    ['a.webm', ['-c:a', 'libopus'], 'matroska', 'opus'],
    ['a.aiff', [], 'aiff', 'pcm_s16be'],
    ['a.w64', [], 'w64', 'pcm_s16le'],
  ])('%s is decoded with it and refused without', async (name, options, container, codec) => {
    const path = folder.path(name);
    ffmpeg('-i', writeWav(folder.path('source.wav'), [left, right]), ...options, path);
    const decoded = await decode(path);
    expect(decoded.probe).toMatchObject({ container, codec });
    expect(Math.abs(decoded.channels[0]!.length - 32_000)).toBeLessThan(2000);
    await expect(decode(path, 'none')).rejects.toMatchObject({ problem: { code: 'ffmpeg-missing' } });
  });

  it('decodes AMR', async () => {
    // Frames of mode 7 (12.2 kbit/s, RFC 4867 §5.3): a header byte and 31 bytes, 20 ms each.
    const frame = Buffer.alloc(32);
    frame[0] = 0x3c;
    const path = folder.path('call.amr');
    await writeFile(path, Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: 100 }, () => frame)]));
    const decoded = await decode(path);
    expect(decoded.probe).toMatchObject({ container: 'amr', codec: 'amr_nb', sampleRate: 8000, channels: 1 });
    expect(decoded.channels[0]!.length).toBe(32_000);
  });
});
