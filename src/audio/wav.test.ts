import { open, writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../session/index.ts';
import { chunk, format, riff, soundFolder } from './testing/sounds.ts';
import { type WavLayout, readWavLayout } from './wav.ts';

const folder = soundFolder();
afterAll(folder.remove);

async function layoutOf(bytes: Buffer): Promise<WavLayout> {
  const path = folder.path('x.wav');
  await writeFile(path, bytes);
  const file = await open(path, 'r');
  try {
    return await readWavLayout(file, bytes.length, path);
  } finally {
    await file.close();
  }
}

const data = Buffer.alloc(3200);
const plain: WavLayout = {
  codec: 'pcm_s16le',
  formatTag: 1,
  sampleRate: 16_000,
  channels: 1,
  bitsPerSample: 16,
  blockAlign: 2,
  bytesPerSecond: 32_000,
  dataStart: 44,
  dataBytes: 3200,
  missingBytes: 0,
  irregular: false,
};

describe('readWavLayout', () => {
  it('reads the plain 44-byte header', async () => {
    expect(await layoutOf(riff([format({}), chunk('data', data)]))).toEqual(plain);
  });

  it('walks over long and odd chunks before the samples', async () => {
    const padded = riff([
      chunk('LIST', Buffer.alloc(70_000)),
      format({}),
      chunk('junk', Buffer.from('abc')),
      Buffer.alloc(1),
      chunk('data', data),
    ]);
    expect(await layoutOf(padded)).toEqual({ ...plain, dataStart: 70_008 + 44 + 12 });
  });

  it('finds the samples behind an odd chunk that its writer forgot to pad', async () => {
    const bytes = riff([format({}), chunk('note', Buffer.from('abc')), chunk('data', data)]);
    expect(await layoutOf(bytes)).toEqual({ ...plain, dataStart: 55, irregular: true });
  });

  it('reads the real format of WAVE_FORMAT_EXTENSIBLE', async () => {
    const extra = Buffer.alloc(24);
    extra.writeUInt16LE(22, 0);
    extra.writeUInt16LE(7, 8);
    const header = format({ tag: 0xfffe, bits: 8, rate: 8000, channels: 2 }, extra);
    expect(await layoutOf(riff([header, chunk('data', data)]))).toEqual({
      ...plain,
      codec: 'pcm_mulaw',
      formatTag: 7,
      sampleRate: 8000,
      channels: 2,
      bitsPerSample: 8,
      bytesPerSecond: 16_000,
      dataStart: 68,
    });
  });

  it.each([
    ['0xFFFFFFFF', 0xffff_ffff, 0xffff_ffff],
    ['0 in both', 0, 0],
    ['0, RIFF as long as the header', 0, 36],
    ['sox pipe', 0x7fff_f000, 0x7fff_f024],
  ])('takes all there is from a streaming writer (%s)', async (_name, dataSize, riffSize) => {
    const bytes = riff([format({}), chunk('data', data, dataSize)], riffSize);
    expect(await layoutOf(bytes)).toEqual({ ...plain, irregular: true });
  });

  it('reads the 64-bit size of RF64', async () => {
    const sizes = Buffer.alloc(28);
    sizes.writeBigUInt64LE(3200n, 8);
    const bytes = riff(
      [chunk('ds64', sizes), format({}), chunk('data', data, 0xffff_ffff), chunk('LIST', Buffer.alloc(10))],
      0xffff_ffff,
    );
    bytes.write('RF64', 0, 'latin1');
    expect(await layoutOf(bytes)).toEqual({ ...plain, dataStart: 80 });
  });

  it('counts what a cut-off file lacks', async () => {
    expect(await layoutOf(riff([format({}), chunk('data', data, 32_000)]))).toEqual({
      ...plain,
      missingBytes: 28_800,
      irregular: true,
    });
  });

  it.each<[string, Buffer, ErrorCode]>([
    ['no data chunk', riff([format({})]), 'audio-no-samples'],
    ['empty data chunk', riff([format({}), chunk('data', Buffer.alloc(0))]), 'audio-no-samples'],
    [
      'empty data chunk, tags behind',
      riff([format({}), chunk('data', Buffer.alloc(0)), chunk('LIST', data)]),
      'audio-no-samples',
    ],
    ['half a sample', riff([format({}), chunk('data', Buffer.alloc(1))]), 'audio-no-samples'],
    ['no format', riff([chunk('data', data)]), 'audio-decode-failed'],
    ['no channels', riff([format({ channels: 0 }), chunk('data', data)]), 'audio-decode-failed'],
    ['no rate', riff([format({ rate: 0 }), chunk('data', data)]), 'audio-decode-failed'],
    ['no bits', riff([format({ bits: 0 }), chunk('data', data)]), 'audio-decode-failed'],
  ])('refuses a file with %s', async (_name, bytes, code) => {
    await expect(layoutOf(bytes)).rejects.toMatchObject({ problem: { code } });
  });
});
