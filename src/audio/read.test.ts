import { existsSync } from 'node:fs';
import { chmod, mkdir, open, rename, truncate, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ErrorCode, Role } from '../session/index.ts';
import { audioFactsSchema, recordingSchema } from '../session/index.ts';
import { type ReadOptions, type RecordingEvent, probeAudio, readRecording } from './index.ts';
import {
  chunk,
  ffmpeg,
  format,
  haveFfmpeg,
  joined,
  mixed,
  noise,
  pcm16,
  riff,
  scaled,
  silence,
  soundFolder,
  speech,
  tone,
  writeWav,
} from './testing/sounds.ts';

const folder = soundFolder();
const environment = process.env.EARWITNESS_FFMPEG;
afterEach(() => {
  if (environment === undefined) delete process.env.EARWITNESS_FFMPEG;
  else process.env.EARWITNESS_FFMPEG = environment;
});
afterAll(folder.remove);

type Segment = Extract<RecordingEvent, { type: 'segment' }>['segment'];
type Facts = Extract<RecordingEvent, { type: 'facts' }>;

async function read(path: string, options?: ReadOptions): Promise<Facts & { segments: Segment[] }> {
  const segments: Segment[] = [];
  const events: RecordingEvent[] = [];
  for await (const event of readRecording(path, options)) {
    if (event.type === 'segment') segments.push(event.segment);
    else events.push(event);
  }
  const facts = events.pop();
  if (facts?.type !== 'facts') throw new Error('the facts come last');
  expect(events.every((event) => event.type === 'progress')).toBe(true);
  expect(audioFactsSchema.parse(facts.facts)).toEqual(facts.facts);
  expect(recordingSchema.omit({ path: true, sha256: true }).parse(facts.recording)).toEqual(facts.recording);
  return { ...facts, segments };
}

const codes = (facts: Facts) => facts.notices.map((notice) => notice.code);

describe('what is refused', () => {
  const wav = riff([format({}), chunk('data', pcm16(tone(440, 0.1)))]);
  it.each<[string, Buffer, ErrorCode]>([
    ['text.wav', Buffer.from('call with Anna, 10:32\nno recording was made\n'), 'audio-not-audio'],
    ['page.mp3', Buffer.from('<!doctype html><title>404</title>'), 'audio-not-audio'],
    ['empty.wav', Buffer.alloc(0), 'file-empty'],
    ['header.wav', riff([format({}), chunk('data', Buffer.alloc(0))]), 'audio-no-samples'],
    ['short.wav', wav.subarray(0, 20), 'audio-no-samples'],
  ])('%s', async (name, bytes, code) => {
    const path = folder.path(name);
    await writeFile(path, bytes);
    await expect(probeAudio(path)).rejects.toMatchObject({ problem: { code, path } });
    await expect(read(path)).rejects.toMatchObject({ problem: { code, path } });
  });

  it('missing files and folders', async () => {
    await expect(probeAudio(folder.path('nowhere.wav'))).rejects.toMatchObject({ problem: { code: 'path-not-found' } });
    await mkdir(folder.path('dir.wav'));
    await expect(probeAudio(folder.path('dir.wav'))).rejects.toMatchObject({ problem: { code: 'path-unreadable' } });
  });

  it('recordings above the limit, before they are decoded', async () => {
    const path = writeWav(folder.path('long.wav'), [silence(3)]);
    await expect(read(path, { maxDurationMs: 2000 })).rejects.toMatchObject({
      problem: { code: 'audio-too-long', message: 'This recording is 3 s or longer; the limit is 2 s.' },
    });
  });

  it('an EARWITNESS_FFMPEG that cannot be run', async () => {
    const path = writeWav(folder.path('a.wav'), [silence(1)]);
    process.env.EARWITNESS_FFMPEG = folder.path('no-ffmpeg');
    await expect(probeAudio(path)).rejects.toMatchObject({ problem: { code: 'ffmpeg-missing' } });
  });

  it.skipIf(!haveFfmpeg)('a container without sound', async () => {
    const path = folder.path('film.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'color=size=16x16:duration=0.2', '-c:v', 'mpeg4', path);
    await expect(probeAudio(path)).rejects.toMatchObject({ problem: { code: 'audio-not-audio' } });
  });

  it.skipIf(!haveFfmpeg)('a compressed file that is noise behind its signature', async () => {
    const path = folder.path('noise.flac');
    await writeFile(path, Buffer.concat([Buffer.from('fLaC'), pcm16(noise(0.5, 1))]));
    await expect(probeAudio(path)).rejects.toMatchObject({ problem: { code: 'audio-decode-failed' } });
  });
});

describe.skipIf(!haveFfmpeg)('odd file names', () => {
  it.each(['-i.mp3', 'http:call%03d.mp3', '录音 #1.mp3', "quote'.mp3"])('%s', async (name) => {
    const source = writeWav(folder.path('source.wav'), [tone(440, 1)]);
    ffmpeg('-i', source, folder.path('source.mp3'));
    await rename(folder.path('source.mp3'), folder.path(name));
    expect(await probeAudio(folder.path(name))).toMatchObject({ container: 'mp3', codec: 'mp3', channels: 1 });
    expect((await read(folder.path(name))).facts.durationMs).toBe(1000);
  });
});

describe('cancelling', () => {
  it('ends reading with `cancelled`', async () => {
    const path = writeWav(folder.path('cancel.wav'), [noise(60, 0.1)]);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const event of readRecording(path, { signal: stop.signal }))
        if (event.type === 'progress') stop.abort();
    })();
    await expect(reading).rejects.toMatchObject({ problem: { code: 'cancelled', path } });
    await expect(probeAudio(path, { signal: stop.signal })).rejects.toMatchObject({ problem: { code: 'cancelled' } });
  });

  it.skipIf(process.platform === 'win32')('kills a decoder that hangs', async () => {
    const pidFile = folder.path('pid');
    for (const name of ['ffmpeg', 'ffprobe']) {
      await writeFile(folder.path(name), `#!/bin/sh\necho $$ > '${pidFile}'\nexec sleep 600\n`);
      await chmod(folder.path(name), 0o755);
    }
    process.env.EARWITNESS_FFMPEG = folder.path('ffmpeg');
    const path = writeWav(folder.path('hang.wav'), [silence(1)]);
    const stop = new AbortController();
    const reading = read(path, { signal: stop.signal });
    const watch = setInterval(() => existsSync(pidFile) && stop.abort(), 20);
    await expect(reading).rejects.toMatchObject({ problem: { code: 'cancelled' } });
    clearInterval(watch);
  });
});

describe.skipIf(!haveFfmpeg)('reading a call', () => {
  const agent = haveFfmpeg ? speech('Thank you for calling Acme. My name is Anna. How can I help you?') : silence(1);
  const customer = haveFfmpeg
    ? speech('Hello. My washing machine has stopped working this morning.', 'kal')
    : silence(1);
  const line = noise(60, 0.0005);
  const gap = silence(agent.length / 16_000 + 1.5);
  const left = joined(silence(1), agent, silence(1.5 + customer.length / 16_000 + 2));
  const right = joined(silence(1), gap, customer, silence(2)).slice(0, left.length);
  const talk = (sound: Float32Array) => mixed(sound, line.slice(0, sound.length));
  const answerMs = 1000 + gap.length / 16;

  it('keeps the sides apart, in order, with times on the recording’s clock', async () => {
    const path = writeWav(folder.path('call.wav'), [talk(left), talk(right)]);
    const { segments, facts, recording, notices } = await read(path);
    expect(notices).toEqual([]);
    expect(recording).toEqual({
      container: 'wav',
      codec: 'pcm_s16le',
      sampleRate: 16_000,
      channels: 2,
      durationMs: Math.round(left.length / 16),
      roles: ['agent', 'customer'],
    });
    expect(segments.map(({ role }) => role)).toEqual(
      [...segments].sort((a, b) => a.startMs - b.startMs).map(({ role }) => role),
    );
    expect(new Set(segments.map(({ channel, role }) => `${channel} ${role}`))).toEqual(
      new Set(['0 agent', '1 customer']),
    );
    expect(Math.abs(segments[0]!.startMs - 1000)).toBeLessThan(400);
    expect(Math.abs(segments.find(({ role }) => role === 'customer')!.startMs - answerMs)).toBeLessThan(400);
    expect([facts.overlapTrusted, facts.overlaps, facts.identicalChannels]).toEqual([true, [], false]);
    expect(facts.silences.at(-1)!.endMs).toBe(facts.durationMs);
    expect(facts.vad).toEqual({ name: 'silero-vad', version: '6' });
    // The samples of a segment are the recording's own.
    const { audioStartMs, samples } = segments[0]!;
    const source = pcm16(talk(left)).subarray(audioStartMs * 32, audioStartMs * 32 + samples.length * 2);
    expect(pcm16(samples)).toEqual(source);
  });

  it('takes the roles that the user names', async () => {
    const path = writeWav(folder.path('swapped.wav'), [talk(right), talk(left)]);
    const { segments, recording } = await read(path, { channelRoles: ['customer', 'agent'] });
    expect(recording.roles).toEqual(['customer', 'agent']);
    expect(segments[0]).toMatchObject({ channel: 1, role: 'agent' });
    await expect(read(path, { channelRoles: ['agent'] })).rejects.toMatchObject({ problem: { code: 'usage' } });
  });

  it('does not hear the echo of one side on the other', async () => {
    const echo = joined(silence(0.1), scaled(left, 0.04)).slice(0, left.length);
    const { facts } = await read(writeWav(folder.path('echo.wav'), [talk(left), talk(mixed(right, echo))]));
    expect(facts.overlaps).toEqual([]);
    expect(facts.channels[1]!.speech[0]!.startMs).toBeGreaterThan(answerMs - 400);
  });

  it('treats one signal on both channels as mono, also after lossy coding', async () => {
    const mono = talk(mixed(left, right));
    const source = writeWav(folder.path('double.wav'), [mono, mono]);
    ffmpeg('-i', source, '-b:a', '48k', '-ar', '22050', folder.path('double.mp3'));
    for (const path of [source, folder.path('double.mp3')]) {
      const result = await read(path);
      expect(result.recording).toMatchObject({ channels: 2, roles: ['mixed'] });
      expect(result.facts).toMatchObject({ identicalChannels: true, overlapTrusted: false, overlaps: [] });
      expect(result.segments.every(({ channel, role }) => channel === 0 && role === 'mixed')).toBe(true);
      expect(codes(result)).toEqual(['audio-identical-channels']);
    }
  });

  it('reads mono as mixed, or as the one side that the user names', async () => {
    const path = writeWav(folder.path('mono.wav'), [talk(left)]);
    const asMixed = await read(path);
    expect([asMixed.recording.roles, codes(asMixed)]).toEqual([['mixed'], ['audio-mono']]);
    const asAgent = await read(path, { channelRoles: ['agent'] });
    expect([asAgent.recording.roles, codes(asAgent), asAgent.facts.overlapTrusted]).toEqual([['agent'], [], false]);
  });

  it('mixes more than two channels unless each has a role', async () => {
    const path = writeWav(folder.path('three.wav'), [talk(left), talk(right), line.slice(0, left.length)]);
    const mixture = await read(path);
    expect([mixture.recording.roles, mixture.recording.channels, codes(mixture)]).toEqual([
      ['mixed'],
      3,
      ['audio-mono'],
    ]);
    const roles: Role[] = ['agent', 'customer', 'mixed'];
    const apart = await read(path, { channelRoles: roles });
    expect([apart.recording.roles, codes(apart), apart.facts.overlapTrusted]).toEqual([
      roles,
      ['audio-no-speech'],
      true,
    ]);
  });

  it('says which side is silent throughout', async () => {
    const result = await read(writeWav(folder.path('one-side.wav'), [talk(left), silence(left.length / 16_000)]));
    expect(result.recording.roles).toEqual(['agent', 'customer']);
    expect(result.notices).toMatchObject([
      { code: 'audio-no-speech', message: 'Nobody speaks on channel 2 (customer) in the whole recording.' },
    ]);
  });

  it('reads what is there of a cut-off WAV, and says how much is missing', async () => {
    const path = writeWav(folder.path('cut.wav'), [talk(joined(left, silence(30)))]);
    await truncate(path, 44 + left.length * 2);
    const result = await read(path);
    expect(codes(result)).toEqual(['audio-truncated', 'audio-mono']);
    expect(result.notices[0]!.message).toMatch(/: 30 s are missing\.$/);
    expect(result.facts.durationMs).toBe(Math.round(left.length / 16));
    expect(result.segments.length).toBeGreaterThan(0);
  });

  it('gives the same facts with and without ffmpeg', async () => {
    const path = folder.path('phone.wav');
    ffmpeg(
      '-i',
      writeWav(folder.path('call.wav'), [talk(left), talk(right)]),
      '-ar',
      '8000',
      '-c:a',
      'pcm_mulaw',
      path,
    );
    const main = await read(path);
    process.env.EARWITNESS_FFMPEG = 'none';
    const fallback = await read(path);
    expect(fallback.recording).toEqual(main.recording);
    expect(fallback.segments.map(({ role }) => role)).toEqual(main.segments.map(({ role }) => role));
    for (const [index, { startMs, endMs }] of main.segments.entries()) {
      expect(Math.abs(fallback.segments[index]!.startMs - startMs)).toBeLessThanOrEqual(100);
      expect(Math.abs(fallback.segments[index]!.endMs - endMs)).toBeLessThanOrEqual(100);
    }
  });
});

describe('long recordings', () => {
  it('half an hour of silence gives no segments, one notice, and progress on the way', async () => {
    const path = folder.path('silence.wav');
    const bytes = 1800 * 8000 * 2;
    const file = await open(path, 'w');
    await file.write(riff([format({ rate: 8000 }), chunk('data', Buffer.alloc(0), bytes)], bytes + 36));
    await file.truncate(44 + bytes);
    await file.close();
    let progress = 0;
    for await (const event of readRecording(path)) {
      expect(event.type).not.toBe('segment');
      if (event.type === 'progress') progress++;
      if (event.type !== 'facts') continue;
      expect(codes(event)).toEqual(['audio-mono', 'audio-no-speech']);
      expect(event.facts.silences).toEqual([{ startMs: 0, endMs: 1_800_000, hold: false }]);
      expect(event.facts.channels[0]!.peaks).toHaveLength(1000);
    }
    expect(progress).toBeGreaterThan(150);
  });
});
