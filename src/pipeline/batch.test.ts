import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../intake/testing/files.ts';
import { createAnnotator } from '../annotate/index.ts';
import { loadScorecard } from '../scorecard/index.ts';
import { EarwitnessError } from '../session/index.ts';
import { createTranscriber, type Transcriber } from '../speech/index.ts';
import { installTinyModel } from '../speech/testing/session.ts';
import { sayVowels, wavFile } from '../speech/testing/voice.ts';
import { type BatchEvent, type BatchOptions, inspectBatch, type Judges, type TranscriptCache } from './index.ts';

// The real path throughout: intake, child processes, the real recogniser with a tiny model, a small scorecard.

const card = `
id: tiny
version: 1
language: en
sections:
  - id: opening
    title: Opening
    items:
      - { id: hello, title: Says hello, expect: { phrase: hello, by: agent } }
`;

let dir: string;
let transcriber: Transcriber;
let judges: Judges;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-pipeline-'));
  installTinyModel(dir, 'zipformerCtc', 'en');
  for (const n of [1, 2, 3]) {
    const agent = sayVowels(`-${'aie oua '.repeat(n)}-`, 120 + n * 10);
    writeFileSync(join(dir, `call-${n}.wav`), wavFile([agent, new Float32Array(agent.length)]));
  }
  const turn = (speaker: string, startMs: number, text: string) => ({
    speaker,
    startMs,
    endMs: startMs,
    text,
    visibility: 'public',
  });
  const chat = (id: string, language: string) => ({
    id,
    channel: 'chat',
    language,
    turns: [turn('customer', 0, 'My kettle leaks.'), turn('agent', 5000, 'Hello, I will help.')],
  });
  writeFileSync(
    join(dir, 'chats.jsonl'),
    [chat('c1', 'en'), chat('c2', 'fr')].map((one) => JSON.stringify(one)).join('\n'),
  );
  writeFileSync(join(dir, 'broken.json'), '{ "id": ');
  writeFileSync(join(dir, 'card.yaml'), card);
  transcriber = createTranscriber({ recogniser: 'sherpa', offline: true, modelsDir: dir, concurrency: 2 });
  judges = { scorecards: [await loadScorecard(join(dir, 'card.yaml'))], annotator: createAnnotator() };
});
afterAll(async () => {
  await transcriber.close();
  rmSync(dir, { recursive: true, force: true });
});

function options(inputs: string[], more: Partial<BatchOptions> = {}): BatchOptions {
  return {
    inputs: inputs.map((name) => join(dir, name)),
    intake: { defaultLanguage: 'en', tempDir: dir },
    transcriber,
    judges,
    cache: null,
    concurrency: 2,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    ...more,
  };
}

describe('inspectBatch', () => {
  it('inspects what can be inspected in a stable order and names the rest', async () => {
    const outcome = await inspectBatch(options(['call-*.wav', 'chats.jsonl', 'broken.json']));
    expect(
      outcome.sessions.map(({ id, scorecard, items }) => [
        id,
        scorecard?.id ?? null,
        items.map((item) => item.verdict),
      ]),
    ).toEqual([
      ['c1', 'tiny', ['pass']],
      ['c2', null, []],
      ...[1, 2, 3].map((n) => [`call-${n}`, 'tiny', [expect.any(String)]]),
    ]);
    expect(outcome.sessions[1]!.notices.map((notice) => notice.code)).toEqual(['scorecard-missing']);
    expect(outcome.failures.map(({ code, path }) => [code, path.includes('broken.json')])).toEqual([
      ['json-invalid', true],
    ]);
    expect(outcome.recognisers.map(({ choice, languages }) => [choice.id, languages])).toEqual([['sherpa', ['en']]]);
    expect(outcome.interrupted).toBe(false);
  });

  it('gives the same results again, from kept transcripts as from fresh ones', async () => {
    const kept = new Map<string, string>();
    const cache: TranscriptCache = {
      get: (key) => (kept.has(key) ? (JSON.parse(kept.get(key)!) as unknown) : null),
      put: (key, _id, value) => void kept.set(key, JSON.stringify(value)),
    };
    const events: BatchEvent[] = [];
    const first = await inspectBatch(options(['call-*.wav'], { cache }));
    const second = await inspectBatch(options(['call-*.wav'], { cache, onEvent: (event) => events.push(event) }));
    expect(kept.size).toBe(3);
    expect(events.filter((event) => event.type === 'transcribed').map((event) => event.kept)).toEqual([
      true,
      true,
      true,
    ]);
    expect(second.sessions).toEqual(first.sessions);
  });

  it('finds what an archive holds again, and names it as the user does', async () => {
    const zip = makeZip([
      { name: 'call-1.wav', content: readFileSync(join(dir, 'call-1.wav')) },
      { name: 'cut.wav', content: readFileSync(join(dir, 'call-1.wav')).subarray(0, 44) },
    ]);
    writeFileSync(join(dir, 'calls.zip'), zip);
    const kept = new Map<string, unknown>();
    const cache: TranscriptCache = {
      get: (key) => kept.get(key) ?? null,
      put: (key, _id, value) => kept.set(key, value),
    };
    const events: BatchEvent[] = [];
    for (const name of ['first', 'second']) {
      // Each run unpacks to a place of its own.
      const tempDir = join(dir, name);
      mkdirSync(tempDir);
      const { intake } = options([]);
      const more = { cache, intake: { ...intake, tempDir }, onEvent: (event: BatchEvent) => events.push(event) };
      const outcome = await inspectBatch(options(['calls.zip'], more));
      const path = `${join(dir, 'calls.zip')}#call-1.wav`;
      expect(outcome.sessions.map(({ recording }) => recording?.path)).toEqual([path]);
      expect([...outcome.unpacked.values()].map((unpacked) => dirname(unpacked))).toEqual([tempDir]);
      expect(outcome.failures.map((problem) => [problem.code, problem.path])).toEqual([
        ['audio-no-samples', `${join(dir, 'calls.zip')}#cut.wav`],
      ]);
    }
    expect(events.filter((event) => event.type === 'transcribed').map((event) => event.kept)).toEqual([false, true]);
  });

  it('judges no call without words', async () => {
    writeFileSync(join(dir, 'quiet.wav'), wavFile([new Float32Array(16_000), new Float32Array(16_000)]));
    const [quiet] = (await inspectBatch(options(['quiet.wav']))).sessions;
    expect([quiet!.scorecard, quiet!.score, quiet!.items, quiet!.notices.map(({ code }) => code)]).toEqual([
      null,
      null,
      [],
      ['audio-no-speech'],
    ]);
  });

  it('ends the run, and only then, when nothing more can be kept', async () => {
    const full: TranscriptCache = {
      get: () => null,
      put: () => {
        throw new EarwitnessError('disk-full', dir, 'The disk is full.');
      },
    };
    await expect(inspectBatch(options(['call-*.wav'], { cache: full }))).rejects.toMatchObject({ code: 'disk-full' });
  });

  it('stops at once when asked to and reports no failure for what was not reached', async () => {
    const controller = new AbortController();
    const outcome = await inspectBatch(
      options(['call-*.wav', 'chats.jsonl'], {
        signal: controller.signal,
        concurrency: 1,
        onEvent: (event) => event.type === 'transcribed' && controller.abort(),
      }),
    );
    expect([outcome.interrupted, outcome.failures]).toEqual([true, []]);
    expect(outcome.sessions.length).toBeLessThan(5);
  });
});
