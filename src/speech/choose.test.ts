import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseRecogniser } from './choose.ts';
import { createHub } from './hub.ts';
import { describeRecognisers } from './describe.ts';
import { pocketsphinx } from './recognisers/pocketsphinx.ts';
import { installTinyModel } from './testing/session.ts';
import type { RecogniserId } from './recogniser.ts';

let dir: string;
let path: string | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-choose-'));
  path = process.env.PATH;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(dir, { recursive: true });
});

const withoutPocketsphinx = () => {
  // Only node stays on the search path.
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  process.env.PATH = bin;
};

const choose = (language: string, recogniser: RecogniserId | 'auto' = 'auto', hub = createHub({ offline: true })) =>
  chooseRecogniser(language, { recogniser, modelsDir: dir, hub, threads: 1 });

const hasPocketsphinx = (await pocketsphinx.check()).available;

describe('choosing a recogniser', () => {
  it('takes an installed model before anything else, also offline', async () => {
    installTinyModel(dir, 'senseVoice', 'zh');
    expect(await choose('zh-CN')).toMatchObject({
      setup: { id: 'sherpa', model: { id: 'tiny', architecture: 'senseVoice' }, language: 'zh-CN', threads: 1 },
      choice: { id: 'sherpa', reason: { zh: '已安装支持“zh-CN”的模型 tiny。' } },
    });
  });

  it('fetches the first model of the language when the hub answers', async () => {
    installTinyModel(dir, 'nemoCtc', 'en');
    const files = new Map<string, Buffer>(
      await Promise.all(
        ['model.onnx', 'tokens.txt'].map(async (name) => {
          const { readFile } = await import('node:fs/promises');
          return [`/tiny/${name}`, await readFile(join(dir, 'tiny', name))] as const;
        }),
      ),
    );
    rmSync(join(dir, 'tiny'), { recursive: true });
    const server = createServer((request, response) => {
      const body = files.get(request.url ?? '');
      response.writeHead(body || request.url === '/' ? 200 : 404).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { choice } = await choose('en', 'auto', createHub({ offline: false, base }));
      expect(choice.reason.en).toBe(`The model tiny for "en" was fetched from ${base}.`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.skipIf(!hasPocketsphinx)('falls to PocketSphinx for English only aloud', async () => {
    const { choice } = await choose('en-US');
    expect(choice).toMatchObject({
      id: 'pocketsphinx',
      modelHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      reason: {
        en: `PocketSphinx is taken because no better recogniser can be had. Passed over: no model for "en-US" is installed in ${dir} and the run is offline.`,
      },
    });
    expect(choice.caveats[0]?.en).toMatch(/gets many words wrong/);
    expect(choice.reason.zh).toContain('以离线方式运行');
  });

  it.skipIf(!hasPocketsphinx)('names a spoilt model in the reason instead of passing it over in silence', async () => {
    installTinyModel(dir, 'nemoCtc', 'en');
    const { readFileSync } = await import('node:fs');
    const model = join(dir, 'tiny', 'model.onnx');
    const bytes = readFileSync(model);
    bytes[100]! ^= 1;
    writeFileSync(model, bytes);
    const { choice } = await choose('en');
    expect(choice.id).toBe('pocketsphinx');
    expect(choice.reason.en).toContain('The file is not the one of the catalogue');
    await expect(choose('en', 'sherpa')).rejects.toMatchObject({ code: 'model-corrupt' });
  });

  it('asks a silent hub once and names the choices', async () => {
    withoutPocketsphinx();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => server.close(resolve));
    const hub = createHub({ offline: false, base });
    await expect(choose('en', 'auto', hub)).rejects.toMatchObject({
      code: 'recogniser-missing',
      message: expect.stringContaining(`The model hub ${base} cannot be reached (connection refused)`) as string,
      problem: { hint: expect.stringMatching(/pocketsphinx.*files into.*transcripts/) as string },
    });
    // The answer is remembered: a hub that comes up now is not asked again in this run.
    server.listen(Number(new URL(base).port), '127.0.0.1');
    await expect(choose('en', 'sherpa', hub)).rejects.toMatchObject({ code: 'model-unreachable' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('refuses Chinese without a model instead of letting an English recogniser guess', async () => {
    await expect(choose('zh')).rejects.toMatchObject({
      code: 'language-unsupported',
      message: `No recogniser for "zh" can be had: no model for "zh" is installed in ${dir} and the run is offline; PocketSphinx knows English only.`,
    });
    await expect(choose('zh', 'pocketsphinx')).rejects.toMatchObject({ code: 'language-unsupported' });
    await expect(choose('tlh', 'sherpa')).rejects.toMatchObject({ code: 'language-unsupported' });
    await expect(choose('zh', 'sherpa')).rejects.toMatchObject({ code: 'model-offline' });
  });

  it('states the weakness of a model without word times', async () => {
    installTinyModel(dir, 'nemoCtc', 'fr');
    const { readFileSync } = await import('node:fs');
    const catalogue = readFileSync(join(dir, 'catalogue.json'), 'utf8');
    writeFileSync(join(dir, 'catalogue.json'), catalogue.replace('"wordTimes":true', '"wordTimes":false'));
    const { choice } = await choose('fr');
    expect(choice.caveats.map((caveat) => caveat.en)).toEqual([
      'Built by a script.',
      'No word times: rules on "within N seconds" use the start of the stretch of speech that the words were said in.',
    ]);
  });
});

describe('describeRecognisers', () => {
  it('has a row per recogniser with what is missing and what to do', async () => {
    withoutPocketsphinx();
    const rows = await describeRecognisers({ modelsDir: dir });
    expect(rows.map(({ id, available, installedModels }) => ({ id, available, installedModels }))).toEqual([
      { id: 'sherpa', available: false, installedModels: [] },
      { id: 'pocketsphinx', available: false, installedModels: [] },
      { id: 'given', available: true, installedModels: [] },
    ]);
    expect(rows[0]).toMatchObject({
      name: 'sherpa-onnx',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      problem: { en: `No model is installed in ${dir}.` },
    });
    expect(rows[1]?.remedy?.en).toBe('Install it with: apt-get install pocketsphinx pocketsphinx-en-us');
  });

  it('lists models and languages that work', async () => {
    installTinyModel(dir, 'senseVoice', 'zh');
    const [sherpa] = await describeRecognisers({ modelsDir: dir });
    expect(sherpa).toMatchObject({ available: true, languages: ['zh'], installedModels: ['tiny'], problem: null });
  });
});
