import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../../src/session/index.ts';

/** As much of the HTTP API as the chaos run and the benchmark need. Requests that meet a dead server are sent again. */
export class ApiClient {
  readonly base: string;
  readonly #headers: Record<string, string>;

  constructor(base: string, token: string) {
    this.base = base;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  /** Makes the first account by the set-up link and a token for it. */
  static async setUp(setUpUrl: string): Promise<ApiClient> {
    const url = new URL(setUpUrl);
    const base = url.origin;
    const password = 'a long password for this run alone';
    const made = await send(`${base}/api/v1/set-up`, {
      token: new URLSearchParams(url.hash.slice(1)).get('token'),
      login: 'admin',
      name: 'Admin',
      password,
    });
    const { csrf, rights } = (await made.json()) as { csrf: string; rights: string[] };
    const cookie = made.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const body = { name: 'run', scopes: rights.filter((right) => right !== 'tokens.own' && right !== 'account.own') };
    const token = await send(`${base}/api/v1/tokens`, body, { cookie, 'x-csrf-token': csrf });
    return new ApiClient(base, ((await token.json()) as { token: string }).token);
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.base}/api/v1${path}`, { headers: this.#headers });
    if (!response.ok) throw new Error(`GET ${path}: HTTP ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async post(path: string): Promise<void> {
    const response = await fetch(`${this.base}/api/v1${path}`, { method: 'POST', headers: this.#headers });
    if (!response.ok) throw new Error(`POST ${path}: HTTP ${response.status} ${await response.text()}`);
    await response.body?.cancel();
  }

  /** Bearer header, for programs that send requests of their own. */
  get headers(): Record<string, string> {
    return this.#headers;
  }

  /** Sends files as one batch and closes it. */
  async upload(title: string, paths: readonly string[]): Promise<string> {
    const form = new FormData();
    form.set('title', title);
    for (const path of paths) form.append('files', await openAsBlob(path), basename(path));
    const response = await fetch(`${this.base}/api/v1/batches/upload`, {
      method: 'POST',
      headers: this.#headers,
      body: form,
    });
    if (!response.ok) throw new Error(`Upload: HTTP ${response.status} ${await response.text()}`);
    return ((await response.json()) as { batch: Batch }).batch.id;
  }

  async batch(id: string): Promise<Batch> {
    return this.get<Batch>(`/batches/${id}`);
  }

  /** Waits until the batch is done. @throws Error after `limitMs` */
  async finished(id: string, limitMs: number): Promise<Batch> {
    const end = performance.now() + limitMs;
    for (;;) {
      const batch = await this.batch(id).catch(() => null);
      if (batch?.state === 'done') return batch;
      if (performance.now() > end)
        throw new Error(`The batch is not done after ${limitMs / 1000} s: ${JSON.stringify(batch?.counts)}`);
      await sleep(100);
    }
  }
}

async function send(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${url}: HTTP ${response.status} ${await response.text()}`);
  return response;
}
