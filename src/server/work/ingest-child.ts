import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IntakeSession, readInputs } from '../../intake/index.ts';
import { type Problem, toProblem } from '../../session/index.ts';
import { endWithParent } from '../../worker/index.ts';
import type { FoundSession, FromReader, ReadRequest, ToReader } from './ingest-protocol.ts';
import { groupSize } from './places.ts';

// Reads uploads, which may be hostile: bombs, lines without end, names that climb. Whatever they do, they do it to this
// process, which holds no database, no archive and no secret. One file at a time.

/** A part is sent when it has so many sessions, failures or characters; at the end of a group, which shares a job. */
const most = { sessions: 200, failures: 500, chars: 1_000_000 };

/** Sends and waits for the answer: the next part is made when this one is safe. */
async function tell(message: FromReader): Promise<ToReader> {
  const answer = once(process, 'message') as Promise<[ToReader]>;
  process.send?.(message);
  return (await answer)[0];
}

async function read(request: ReadRequest): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'file-'));
  try {
    const paths = await layOut(request, dir);
    const name = namer(paths[0]!, request);
    const recordings = new Map([[paths[0]!, request.sha256]]);
    let sessions: FoundSession[] = [];
    let failures: Problem[] = [];
    let chars = 0;
    let position = 0;
    const send = async () => {
      if (sessions.length + failures.length > 0) await tell({ type: 'part', sessions, failures });
      sessions = [];
      failures = [];
      chars = 0;
    };
    const unpacked = join(dir, 'unpacked');
    await mkdir(unpacked);
    const { language, agentChannel } = request;
    const intake = readInputs(paths, { defaultLanguage: language, agentChannel, tempDir: unpacked });
    for await (const item of intake) {
      if (item.kind === 'failure') failures.push(name(item.problem));
      else {
        const { recordingPath, session } = item;
        const sha256 = recordingPath === null ? null : (recordings.get(recordingPath) ?? (await keep(recordingPath)));
        if (recordingPath !== null && sha256 !== null) recordings.set(recordingPath, sha256);
        sessions.push(found(item, position++, sha256, name, request.name));
        chars += session.turns.reduce((sum, { text }) => sum + text.length + 150, 300);
      }
      const full = sessions.length >= most.sessions || chars >= most.chars;
      if ((full && position % groupSize === 0) || failures.length >= most.failures) await send();
    }
    await send();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The file under the name that it was uploaded by, because intake reads ids and metadata from names. */
async function layOut({ path, name, sidecar }: ReadRequest, dir: string): Promise<string[]> {
  const folder = join(dir, 'in');
  await mkdir(folder);
  const link = join(folder, safeName(name));
  await symlink(path, link);
  if (sidecar === null) return [link];
  const beside = `${link}.json`;
  await writeFile(beside, JSON.stringify(sidecar));
  return [link, beside];
}

/** The last part of a name from outside, as a name that this system takes and that leaves its folder nowhere. */
function safeName(name: string): string {
  // eslint-disable-next-line no-control-regex -- those are what must not get through
  const last = (name.split(/[/\\]/).at(-1) ?? '').replace(/[\x00-\x1f\x7f]/g, '_');
  const dot = last.lastIndexOf('.');
  const extension = dot > 0 ? last.slice(dot).slice(0, 16) : '';
  const stem = dot > 0 ? last.slice(0, dot) : last;
  const short = [...stem].slice(0, 50).join('');
  return /^\.*$/.test(short) ? `file${extension}` : short + extension;
}

/** Puts the uploaded name where a path of this machine stands. */
function namer(link: string, { name }: ReadRequest): (problem: Problem) => Problem {
  return (problem) => ({
    ...problem,
    path: problem.path.replaceAll(link, name),
    message: problem.message.replaceAll(link, name),
  });
}

async function keep(path: string): Promise<string> {
  const answer = await tell({ type: 'keep', path });
  if (answer.type !== 'kept') throw new Error('A recording was answered with something else.');
  await rm(path, { force: true });
  return answer.sha256;
}

function found(
  item: IntakeSession,
  position: number,
  recordingSha256: string | null,
  name: (problem: Problem) => Problem,
  uploaded: string,
): FoundSession {
  return {
    position,
    session: item.session,
    source: { path: uploaded, entry: item.source.entry },
    notices: item.notices.map(name),
    recordingSha256,
    channelRoles: item.channelRoles,
  };
}

process.on('message', (message: ToReader) => {
  if (message.type !== 'read') return;
  const { request } = message;
  const send = (answer: FromReader) => void process.send?.(answer);
  read(request).then(
    () => send({ type: 'done', rssBytes: process.memoryUsage.rss() }),
    (error: unknown) => send({ type: 'failed', problem: toProblem(error, request.name) }),
  );
});

endWithParent();
