import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EarwitnessError } from '../session/index.ts';
import { downloadFile } from './download.ts';
import { fetchModel, listModels, type ModelProgress, verifyInstalled } from './models.ts';
import { loadCatalogue } from './catalogue.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 31) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');
const tokens = '<blk> 0\n';

let dir: string;
let server: ReturnType<typeof createServer>;
let hub: string;
let requests: string[];
let handler: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-models-'));
  requests = [];
  handler = serve;
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.range ?? '-'}`);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

/** A hub that knows two files and byte ranges. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const body =
    request.url === '/tiny/model.onnx' ? content : request.url === '/tiny/tokens.txt' ? Buffer.from(tokens) : null;
  if (request.url === '/') return void response.writeHead(200).end();
  if (!body) return void response.writeHead(404).end('no such file');
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN);
  if (Number.isNaN(from)) return void response.writeHead(200, { 'content-length': body.length }).end(body);
  if (from >= body.length) return void response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
  response
    .writeHead(206, {
      'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
      'content-length': body.length - from,
    })
    .end(body.subarray(from));
}

function catalogue(overrides: { sha256?: string | null; bytes?: number | null } = {}): void {
  const words = { en: 'Not verified here', zh: '未核实' };
  const files = [
    { part: 'model', name: 'model.onnx', url: 'tiny/model.onnx', bytes: content.length, sha256, ...overrides },
    { part: 'tokens', name: 'tokens.txt', url: 'tiny/tokens.txt', bytes: null, sha256: null },
  ];
  const model = {
    id: 'tiny',
    title: 'Tiny',
    languages: ['en'],
    architecture: 'nemoCtc',
    wordTimes: true,
    licence: { name: 'MIT', url: 'https://example.org/licence' },
    verification: words,
    notes: words,
    files,
  };
  writeFileSync(join(dir, 'catalogue.json'), JSON.stringify({ schema: 'earwitness/models/1', models: [model] }));
}

const problemOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EarwitnessError);
  return (error as EarwitnessError).problem;
};

const modelPath = () => join(dir, 'tiny', 'model.onnx');

describe('fetchModel', () => {
  it('fetches every file, reports progress, and asks for nothing the second time', async () => {
    catalogue();
    const progress: ModelProgress[] = [];
    const options = { modelsDir: dir, offline: false, hub, onProgress: (step: ModelProgress) => progress.push(step) };
    const installed = await fetchModel('tiny', options);
    expect(installed).toEqual({
      id: 'tiny',
      architecture: 'nemoCtc',
      files: { model: modelPath(), tokens: join(dir, 'tiny', 'tokens.txt') },
    });
    expect(readFileSync(modelPath()).equals(content)).toBe(true);
    expect(progress.filter((step) => step.file === 'model.onnx').at(-1)).toEqual({
      model: 'tiny',
      file: 'model.onnx',
      doneBytes: content.length,
      totalBytes: content.length,
    });
    expect(readdirSync(join(dir, 'tiny')).sort()).toEqual(['model.onnx', 'tokens.txt']);
    const before = requests.length;
    await fetchModel('tiny', options);
    expect(requests.length).toBe(before);
  });

  it('goes on where a cut connection stopped', async () => {
    catalogue();
    let cut = true;
    handler = (request, response) => {
      if (request.url !== '/tiny/model.onnx' || !cut) return serve(request, response);
      cut = false;
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 70_000), () => setTimeout(() => response.destroy(), 50));
    };
    await fetchModel('tiny', { modelsDir: dir, offline: false, hub });
    expect(readFileSync(modelPath()).equals(content)).toBe(true);
    expect(requests.filter((line) => line.includes('model.onnx'))).toEqual([
      'GET /tiny/model.onnx -',
      // As much as had arrived when the connection broke.
      expect.stringMatching(/^GET \/tiny\/model\.onnx bytes=[1-9]\d*-$/),
    ]);
  });

  it('goes on from a partial file of an earlier run, and begins anew where the hub knows no ranges', async () => {
    catalogue();
    mkdirSync(join(dir, 'tiny'));
    writeFileSync(`${modelPath()}.part`, content.subarray(0, 150_000));
    await fetchModel('tiny', { modelsDir: dir, offline: false, hub });
    expect(requests).toContain('GET /tiny/model.onnx bytes=150000-');
    rmSync(modelPath());
    writeFileSync(`${modelPath()}.part`, 'something else entirely');
    handler = (request, response) => {
      delete request.headers.range;
      serve(request, response);
    };
    await fetchModel('tiny', { modelsDir: dir, offline: false, hub });
    expect(readFileSync(modelPath()).equals(content)).toBe(true);
  });

  it('removes what is not the file of the catalogue', async () => {
    catalogue({ sha256: 'a'.repeat(64) });
    const problem = await problemOf(fetchModel('tiny', { modelsDir: dir, offline: false, hub }));
    expect(problem).toMatchObject({ code: 'model-corrupt', path: `${hub}/tiny/model.onnx` });
    expect(problem.message).toContain(`SHA-256 ${sha256}; expected ${content.length} bytes, SHA-256 ${'a'.repeat(64)}`);
    expect(readdirSync(join(dir, 'tiny'))).toEqual([]);
  });

  it('replaces an installed file that has gone bad', async () => {
    catalogue();
    mkdirSync(join(dir, 'tiny'));
    writeFileSync(modelPath(), Buffer.alloc(content.length, 7));
    const [model] = loadCatalogue(dir);
    expect(await problemOf(verifyInstalled(model!, dir))).toMatchObject({ code: 'model-corrupt', path: modelPath() });
    await fetchModel('tiny', { modelsDir: dir, offline: false, hub });
    expect(readFileSync(modelPath()).equals(content)).toBe(true);
    expect(await verifyInstalled(model!, dir)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('tells a file that the hub does not have', async () => {
    catalogue();
    handler = (request, response) => (request.url === '/' ? serve(request, response) : response.writeHead(404).end());
    expect(await problemOf(fetchModel('tiny', { modelsDir: dir, offline: false, hub }))).toMatchObject({
      code: 'model-unreachable',
      path: `${hub}/tiny/model.onnx`,
      message: 'The model hub refused the file (status 404).',
    });
  });

  it('names the choices when nothing answers', async () => {
    catalogue();
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await new Promise((resolve) => silent.close(resolve));
    const problem = await problemOf(fetchModel('tiny', { modelsDir: dir, offline: false, hub: address }));
    expect(problem).toMatchObject({
      code: 'model-unreachable',
      message: `The model hub ${address} cannot be reached (connection refused).`,
    });
    expect(problem.hint).toMatch(/pocketsphinx.*files into .*transcripts.*EARWITNESS_MODEL_HUB/);
  });

  it('never touches the network offline', async () => {
    catalogue();
    expect(await problemOf(fetchModel('tiny', { modelsDir: dir, offline: true, hub }))).toMatchObject({
      code: 'model-offline',
    });
    expect(requests).toEqual([]);
  });

  it('knows no other models than those of the catalogue', async () => {
    catalogue();
    expect(await problemOf(fetchModel('nope', { modelsDir: dir, offline: false, hub }))).toMatchObject({
      code: 'recogniser-unknown',
      message: 'The catalogue has no model "nope".',
    });
  });
});

describe('downloadFile', () => {
  const target = () => join(dir, 'file.bin');

  it('checks against the digest that the hub states where the catalogue has none, across a redirect', async () => {
    let stated = sha256;
    handler = (request, response) => {
      if (request.url === '/from')
        return void response.writeHead(302, { location: '/tiny/model.onnx', 'x-linked-etag': `"${stated}"` }).end();
      serve(request, response);
    };
    const request = { address: `${hub}/from`, target: target(), bytes: null, sha256: null };
    expect(await downloadFile(request)).toEqual({ sha256, checked: true });
    stated = 'b'.repeat(64);
    expect(await problemOf(downloadFile({ ...request, target: join(dir, 'other') }))).toMatchObject({
      code: 'model-corrupt',
    });
    expect(existsSync(join(dir, 'other'))).toBe(false);
  });

  it('says that nothing was checked where nobody states a hash', async () => {
    const request = { address: `${hub}/tiny/model.onnx`, target: target(), bytes: null, sha256: null };
    expect(await downloadFile(request)).toEqual({ sha256, checked: false });
  });

  it('gives up a connection that stalls, and keeps what it has', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 1_000));
    };
    const request = {
      address: `${hub}/tiny/model.onnx`,
      target: target(),
      bytes: content.length,
      sha256,
      // Long enough for the first bytes to come on a busy machine.
      stallMs: 1_500,
    };
    const problem = await problemOf(downloadFile(request));
    expect(problem).toMatchObject({ code: 'model-unreachable', hint: 'Run again: it goes on where it stopped.' });
    expect(statSync(`${target()}.part`).size).toBe(1_000);
  });

  it('stops on abort', async () => {
    handler = (_, response) => void response.writeHead(200, { 'content-length': content.length }).write('x');
    const controller = new AbortController();
    const request = { address: `${hub}/tiny/model.onnx`, target: target(), bytes: content.length, sha256 };
    const running = downloadFile({ ...request, signal: controller.signal, onBytes: () => controller.abort() });
    await expect(running).rejects.toThrow(/abort/i);
  });
});

describe('listModels', () => {
  it('shows state, folder and addresses of each model', async () => {
    catalogue();
    const row = () => listModels({ modelsDir: dir, hub }).find((model) => model.id === 'tiny');
    expect(row()).toMatchObject({
      state: 'absent',
      path: join(dir, 'tiny'),
      bytes: null,
      files: [
        { name: 'model.onnx', address: `${hub}/tiny/model.onnx`, bytes: content.length, sha256 },
        { name: 'tokens.txt', address: `${hub}/tiny/tokens.txt`, bytes: null, sha256: null },
      ],
    });
    await fetchModel('tiny', { modelsDir: dir, offline: false, hub });
    expect(row()?.state).toBe('installed');
  });
});
