import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sessionSchema } from '../session/index.ts';
import { pocketsphinx } from './recognisers/pocketsphinx.ts';
import { emptyCall, installTinyModel } from './testing/session.ts';
import { sayVowels, wavFile } from './testing/voice.ts';
import { createTranscriber, type Transcriber, type TranscriberOptions } from './transcriber.ts';

// The real path: real child process, real decoding and voice activity, the real sherpa-onnx with a tiny model.

let dir: string;
let stereo: string;
let mono: string;
let transcriber: Transcriber;
let shared: Transcriber | undefined;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-transcriber-'));
  installTinyModel(dir, 'zipformerCtc', 'en');
  const agent = sayVowels('--aie oua iea----oai eua ioe--', 130);
  const customer = sayVowels('----oai eua ioe---------', 210);
  const padded = new Float32Array(agent.length);
  padded.set(customer.subarray(0, agent.length));
  stereo = join(dir, 'call.wav');
  mono = join(dir, 'mono.wav');
  writeFileSync(stereo, wavFile([agent, padded]));
  writeFileSync(mono, wavFile([agent]));
});
afterAll(async () => {
  await shared?.close();
  rmSync(dir, { recursive: true });
});
afterEach(() => (transcriber === shared ? undefined : transcriber.close()));

/** One for all tests of the usual options, since starting a child takes a second; one of its own for others. */
const start = (options?: Partial<TranscriberOptions>) => {
  const create = () =>
    createTranscriber({ recogniser: 'auto', offline: true, modelsDir: dir, concurrency: 1, ...options });
  return (transcriber = options ? create() : (shared ??= create()));
};

describe('transcribe', () => {
  it('fills recording, transcript and turns of a stereo call', async () => {
    const choice = await start().choose('en');
    const progress: { doneMs: number; totalMs: number }[] = [];
    const { session, audio, notices } = await transcriber.transcribe(
      { session: emptyCall('c1'), path: stereo },
      { onProgress: (step) => progress.push(step) },
    );
    expect(sessionSchema.parse(session)).toEqual(session);
    expect(session.recording).toEqual({
      path: stereo,
      sha256: createHash('sha256').update(readFileSync(stereo)).digest('hex'),
      durationMs: 10_840,
      container: 'wav',
      codec: 'pcm_s16le',
      sampleRate: 16_000,
      channels: 2,
      roles: ['agent', 'customer'],
    });
    const { id, name, version, modelHash, licence } = choice;
    expect(session.transcript).toEqual({
      origin: 'recognised',
      recogniser: { id, name, version, modelHash, licence },
      confidence: null,
      wordTimes: true,
      caveats: [],
    });
    expect(choice).toMatchObject({
      id: 'sherpa',
      name: 'sherpa-onnx, Tone model',
      modelHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      licence: 'Apache-2.0 (https://www.apache.org/licenses/LICENSE-2.0)',
      reason: { en: 'The model tiny for "en" is installed.', zh: '已安装支持“en”的模型 tiny。' },
    });
    expect(session.turns.map(({ n, speaker }) => [n, speaker])).toEqual([
      [1, 'agent'],
      [2, 'customer'],
      [3, 'agent'],
    ]);
    // Speech begins at 2, 4 and 7.4 s of the recording.
    for (const [i, expected] of [2_000, 4_000, 7_400].entries()) {
      const turn = session.turns[i]!;
      expect(Math.abs(turn.startMs! - expected)).toBeLessThanOrEqual(150);
      expect(turn.text).not.toBe('');
      for (const word of turn.words!) {
        expect(word.startMs).toBeGreaterThanOrEqual(turn.startMs!);
        expect(word.endMs).toBeLessThanOrEqual(turn.endMs!);
      }
    }
    expect(audio.channels.map((channel) => channel.role)).toEqual(['agent', 'customer']);
    expect(notices).toEqual([]);
    expect(progress.at(-1)).toEqual({ doneMs: 10_840, totalMs: 10_840 });
  });

  it('gives the same words for the same sound, and the roles that the caller names', async () => {
    start();
    const run = async (channelRoles?: ('agent' | 'customer')[]) => {
      const { session } = await transcriber.transcribe({ session: emptyCall('c'), path: stereo, channelRoles });
      return session.turns;
    };
    const first = await run();
    expect(await run()).toEqual(first);
    const swapped = await run(['customer', 'agent']);
    expect(swapped.map((turn) => turn.speaker)).toEqual(['customer', 'agent', 'customer']);
    expect(swapped.map((turn) => turn.text)).toEqual(first.map((turn) => turn.text));
  });

  it('names nobody on a mono recording', async () => {
    const { session, notices } = await start().transcribe({ session: emptyCall('c'), path: mono });
    expect(new Set(session.turns.map((turn) => turn.speaker))).toEqual(new Set(['unknown']));
    expect(notices.map((notice) => notice.code)).toContain('speaker-unknown');
  });

  it('counts stretches of speech without a word and puts nothing in their place', async () => {
    const deaf = mkdtempSync(join(dir, 'deaf-'));
    installTinyModel(deaf, 'zipformerCtc', 'en', 1_000);
    const { session, notices } = await start({ modelsDir: deaf }).transcribe({ session: emptyCall('c'), path: stereo });
    expect(session.turns).toEqual([]);
    expect(session.transcript).toMatchObject({ confidence: null, wordTimes: false });
    expect(notices).toEqual([
      {
        path: stereo,
        code: 'speech-unrecognised',
        message: expect.stringMatching(
          /^In 3 of 3 stretches of speech \(4\.\d s\) no word was recognised; nothing was put in their place\.$/,
        ) as string,
        hint: expect.any(String) as string,
      },
    ]);
  });

  it('keeps a transcript that came with the recording and reads the sound for its facts', async () => {
    const given = {
      ...emptyCall('g'),
      transcript: { origin: 'given' as const, recogniser: null, confidence: null, wordTimes: false, caveats: [] },
      turns: [
        { n: 1, speaker: 'agent' as const, startMs: 0, endMs: 900, text: 'Hello.', visibility: 'public' as const },
      ],
    };
    const { session, audio } = await start().transcribe({ session: given, path: stereo });
    expect(session).toEqual({
      ...given,
      recording: expect.objectContaining({ path: stereo, durationMs: 10_840 }) as object,
    });
    expect(audio.channels[0]?.speech.length).toBe(2);
  });

  it('replaces a given transcript only when a recogniser is asked for by name, and says so', async () => {
    const turn = { n: 1, speaker: 'agent' as const, startMs: 0, endMs: 9, text: 'x', visibility: 'public' as const };
    const { session } = await start({ recogniser: 'sherpa' }).transcribe({
      session: { ...emptyCall('g'), turns: [turn] },
      path: stereo,
    });
    expect(session.transcript.origin).toBe('recognised');
    expect(session.turns).toHaveLength(3);
    expect(session.transcript.caveats.map((caveat) => caveat.en)).toEqual([
      'A transcript came with the recording and was set aside because a recogniser was asked for by name.',
    ]);
  });

  it('demands a transcript under `given`', async () => {
    start({ recogniser: 'given' });
    await expect(transcriber.transcribe({ session: emptyCall('c'), path: stereo })).rejects.toMatchObject({
      code: 'recogniser-missing',
    });
    expect((await transcriber.choose('en')).id).toBe('given');
  });

  it('loses one file to a fault in it and goes on with the next', async () => {
    start();
    const broken = join(dir, 'broken.wav');
    writeFileSync(broken, 'this is no sound at all, only words in a file');
    const [bad, good] = await Promise.allSettled([
      transcriber.transcribe({ session: emptyCall('b'), path: broken }),
      transcriber.transcribe({ session: emptyCall('a'), path: stereo }),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'audio-not-audio' } });
    expect(good.status).toBe('fulfilled');
  });

  it('survives a model that makes the native library end its process', async () => {
    const bad = mkdtempSync(join(dir, 'bad-'));
    installTinyModel(bad, 'nemoCtc', 'en');
    // A zipformer graph under the name of SenseVoice: the metadata that the library demands is missing.
    const catalogue = readFileSync(join(bad, 'catalogue.json'), 'utf8').replace('"nemoCtc"', '"senseVoice"');
    writeFileSync(join(bad, 'catalogue.json'), catalogue);
    start({ modelsDir: bad });
    await expect(transcriber.transcribe({ session: emptyCall('c'), path: stereo })).rejects.toMatchObject({
      code: 'recogniser-failed',
      message: expect.stringMatching(/exit status 255.*does not exist in the metadata/) as string,
    });
  });

  it('stops on abort and leaves no temporary files', async () => {
    const before = process.env.TMPDIR;
    const own = mkdtempSync(join(dir, 'tmp-'));
    process.env.TMPDIR = own;
    try {
      const controller = new AbortController();
      const running = start({}).transcribe(
        { session: emptyCall('c'), path: stereo },
        { signal: controller.signal, onProgress: () => controller.abort() },
      );
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      // Loaders of TypeScript keep a cache there; folders of children are what must be gone.
      expect(readdirSync(own).filter((name) => name.startsWith('earwitness'))).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it('knows its recognisers by name', () => {
    expect(() => start({ recogniser: 'siri' })).toThrow('There is no recogniser "siri".');
  });
});

const phone = '../shared/audio/auto-repairs-40-agent.wav';

describe.skipIf(!existsSync(phone) || !(await pocketsphinx.check()).available)('PocketSphinx through a child', () => {
  it('warns of telephone sound', async () => {
    // Four seconds of a real 8 kHz call, cut here so that the test stays short.
    const bytes = readFileSync(phone);
    const samples = Float32Array.from({ length: 32_000 }, (_, i) => bytes.readInt16LE(78 + (i + 16_000) * 2) / 32_768);
    const cut = join(dir, 'phone.wav');
    writeFileSync(cut, wavFile([samples], 8_000));
    const { session } = await start({ recogniser: 'pocketsphinx' }).transcribe({ session: emptyCall('p'), path: cut });
    expect(session.recording?.sampleRate).toBe(8_000);
    expect(session.transcript.caveats.at(-1)?.en).toMatch(/^Telephone sound \(8 kHz\)/);
    expect(session.transcript.confidence).toBeGreaterThan(0);
  });
});
