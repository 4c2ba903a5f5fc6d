import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../archive/open.ts';
import type { Archive } from '../archive/archive.ts';
import { batch, finished, resultOf, waiting } from '../installation/testing/build.ts';
import type { NewSession, Store } from '../installation/store.ts';
import { openStore } from '../installation/open.ts';
import { packResult, type Recording, type Turn } from '../../session/index.ts';

export interface Opened {
  folder: string;
  store: Store;
  archive: Archive;
  close(): Promise<void>;
  /** Closes it and removes the folder. */
  remove(): Promise<void>;
}

/** An installation in a folder, as the server keeps it; a new folder where none is named. */
export async function openIn(given?: string): Promise<Opened> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'earwitness-installation-')));
  const archive = await openArchive({ kind: 'folder', path: join(folder, 'archive') });
  const store = await openStore(`sqlite:${join(folder, 'earwitness.sqlite')}`);
  const close = async () => {
    await store.close();
    await archive.close();
  };
  return {
    ...{ folder, store, archive, close },
    remove: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Contact {
  customer: string;
  words: string;
  /** The sound of a call; null for a chat. */
  sound: Buffer | null;
  startedAt?: string;
}

/** A file as it was uploaded, with what was found in it, all of it inspected. Returns the keys. */
export async function upload(
  { store, archive }: Pick<Opened, 'store' | 'archive'>,
  bytes: Buffer,
  contacts: readonly Contact[],
): Promise<{ keys: string[]; fileSha256: string; packed: Buffer[] }> {
  const made = await batch(store);
  const object = await archive.put(bytes);
  const file = await store.batches.addFile({
    batchId: made.id,
    name: `${contacts.map(({ customer }) => customer).join(' ')}.zip`,
    sha256: object.sha256,
    bytes: object.bytes,
  });
  const sessions: NewSession[] = [];
  for (const [at, contact] of contacts.entries()) {
    const sound = contact.sound === null ? null : await archive.put(contact.sound);
    sessions.push(
      order(`${file!.id}-${String(at).padStart(6, '0')}`, made.id, file!.id, contact, sound?.sha256 ?? null),
    );
  }
  await store.sessions.addWaiting(sessions);
  await store.sessions.record(sessions.map((session) => finished(session)));
  await store.batches.moveFile(file!.id, 'done');
  await store.batches.close(made.id);
  await store.batches.finishIfComplete(made.id);
  return {
    keys: sessions.map(({ key }) => key),
    fileSha256: object.sha256,
    packed: sessions.flatMap((session) => {
      const { input, verdicts } = packResult(resultOf(session));
      return [input, verdicts];
    }),
  };
}

function order(
  key: string,
  batchId: string,
  fileId: string,
  { customer, words, startedAt = '2026-03-02T10:00:00.000Z' }: Contact,
  recordingSha256: string | null,
): NewSession {
  const turns: Turn[] = [
    { n: 1, speaker: 'agent', startMs: 0, endMs: 1000, text: 'Good morning, how can I help?', visibility: 'public' },
    { n: 2, speaker: 'customer', startMs: 2000, endMs: 4000, text: words, visibility: 'public' },
    { n: 3, speaker: 'agent', startMs: 5000, endMs: 5000, text: `note on ${words}`, visibility: 'internal' },
  ];
  const recording: Recording | null =
    recordingSha256 === null
      ? null
      : {
          ...{ path: `calls/${customer}.wav`, sha256: recordingSha256, durationMs: 6000, container: 'wav' },
          ...{ codec: 'pcm_s16le', sampleRate: 16_000, channels: 2, roles: ['agent', 'customer'] },
        };
  const channel = recording ? 'call' : 'chat';
  return waiting(batchId, key, {
    fileId,
    recordingSha256,
    source: { path: `${customer}.zip`, entry: null },
    about: { id: `contact-${key.slice(-6)}`, channel, customerId: customer, startedAt, turns, recording },
  });
}

/** Objects that nobody is bringing any more, as if they had come an hour ago. */
export async function age({ folder, archive }: Opened): Promise<void> {
  const then = new Date(Date.now() - 3_600_000);
  for await (const { sha256 } of archive.list())
    await utimes(join(folder, 'archive', 'objects', sha256.slice(0, 2), sha256), then, then);
}

/** Which of these byte strings stand anywhere in the files below a folder. */
export async function findBytes(folder: string, wanted: readonly Buffer[]): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return wanted.filter(
    (bytes) =>
      contents.some((content) => content.includes(bytes)) ||
      files.some((file) => file.includes(bytes.toString('utf8'))),
  );
}

/**
 * Pieces of packed words, short enough to be found however a page or block cuts them, that do not stand in those of
 * others: much of two results is the same.
 */
export function piecesOf(packed: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
  return packed
    .flatMap((bytes) =>
      Array.from({ length: 20 }, (_, n) => Math.floor((bytes.length * n) / 20)).map((at) =>
        bytes.subarray(at, at + 24),
      ),
    )
    .filter((piece) => piece.length === 24 && !others.some((other) => other.includes(piece)));
}
