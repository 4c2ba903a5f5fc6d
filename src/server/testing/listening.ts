import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { rights } from '../access/rights.ts';
import { type Credentials, openTestApp, type TestApp, type TestAppOptions } from './app.ts';

/** The whole server on a port of loopback, and somebody who may do everything. */
export interface ListeningApp extends TestApp {
  url: string;
  lead: Credentials;
  /** Asks as the lead, or as somebody else. */
  fetch(path: string, init?: RequestInit & { as?: Credentials }): Promise<Response>;
  /** Sends bytes as they are; resolves with everything that came back when the server closed the connection. */
  raw(pieces: readonly (string | Buffer | number)[], end?: 'end' | 'destroy' | 'keep'): Promise<string>;
}

/** Scopes of a token that may do whatever its owner may. */
export const everything: readonly string[] = Object.keys(rights);

export async function openListeningApp(options: TestAppOptions = {}): Promise<ListeningApp> {
  const test = await openTestApp(options);
  await test.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = test.app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const lead = await test.token(await test.account('lead'), everything);
  return {
    ...test,
    url,
    lead,
    fetch: (path, { as = lead, headers, ...init } = {}) =>
      fetch(url + path, { ...init, headers: { ...as, ...(headers as Record<string, string> | undefined) } }),
    raw: (pieces, end = 'keep') => converse(port, pieces, end),
  };
}

/** A number is a pause in milliseconds. */
function converse(port: number, pieces: readonly (string | Buffer | number)[], end: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8');
    socket.setTimeout(15_000, () => socket.destroy());
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(answer);
    });
    const send = async () => {
      for (const piece of pieces)
        if (typeof piece === 'number') await new Promise((go) => setTimeout(go, piece));
        else await new Promise<void>((go) => socket.write(piece, () => go()));
      if (end === 'end') socket.end();
      if (end === 'destroy') socket.destroy();
    };
    socket.on('connect', () => void send());
  });
}

export interface FormFile {
  name: string;
  bytes: string | Buffer;
  sha256?: string;
  metadata?: unknown;
}

/** A form as curl sends it: what is said of a file stands before it. */
export function formOf(files: readonly FormFile[], fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, bytes, sha256, metadata } of files) {
    if (sha256 !== undefined) form.append('sha256', sha256);
    if (metadata !== undefined) form.append('metadata', JSON.stringify(metadata));
    form.append('files', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name);
  }
  return form;
}
