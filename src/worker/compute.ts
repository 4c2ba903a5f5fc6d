import { setImmediate } from 'node:timers/promises';
import { createAnnotator } from '../annotate/index.ts';
import { askJudge, inspectSession, type SessionInput } from '../pipeline/index.ts';
import { type CompiledScorecard, type Judge, loadScorecard, openJudge } from '../scorecard/index.ts';
import {
  EarwitnessError,
  type ErrorCode,
  type FinishedWork,
  type OrderedSession,
  type PinnedFiles,
  type Problem,
  type SessionResult,
  toProblem,
  type WorkOrder,
} from '../session/index.ts';
import { createTranscriber, type Transcriber } from '../speech/index.ts';
import type { ChildSetup, Troubled } from './protocol.ts';
import { finish } from './summary.ts';

/** What a child may ask of its parent, and tell it. */
export interface ParentLine {
  artefact(sha256: string): Promise<Uint8Array>;
  /** Path of the recording on this machine. */
  recording(sha256: string): Promise<string>;
  submit(work: FinishedWork): Promise<void>;
  begin(key: string): void;
  progress(fraction: number): void;
}

export interface Computer {
  /** Inspects the sessions of an order and submits them in parts. Returns those that another try may inspect. */
  run(order: WorkOrder, line: ParentLine, signal: AbortSignal): Promise<Troubled[]>;
  close(): Promise<void>;
}

/** Sessions that are submitted together at most, and bytes from which on a part is full. */
const partSessions = 25;
const partBytes = 1024 * 1024;

/** Compiled scorecards that are kept at the same time. */
const cardsKept = 32;

/**
 * Failures that say something about the machine or the moment, not about the session: the queue tries again later. All
 * others would end the same way every time.
 */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'recogniser-failed',
  'model-unreachable',
  'model-corrupt',
  'artefact-missing',
  'disk-full',
  'output-unwritable',
  'path-unreadable',
  'cancelled',
]);

/** Does what an order asks: hears, annotates, judges and packs, one session after the other. */
export function createComputer(setup: ChildSetup): Computer {
  const annotator = createAnnotator();
  const cards = new Map<string, Promise<CompiledScorecard>>();
  const opened = { ears: null as { recogniser: string; transcriber: Transcriber } | null };
  const judge: Judge | null =
    setup.judge &&
    openJudge(setup.judge.config, { cacheDir: setup.judge.cacheDir, signal: new AbortController().signal });

  const cardOf = (pinned: PinnedFiles, line: ParentLine): Promise<CompiledScorecard> => {
    const known = cards.get(pinned.hash);
    if (known) return known;
    const made = compileCard(pinned, line);
    cards.set(pinned.hash, made);
    // One that could not be fetched may be there next time.
    made.catch(() => cards.delete(pinned.hash));
    if (cards.size > cardsKept) cards.delete(cards.keys().next().value!);
    return made;
  };

  const ears = async (recogniser: string): Promise<Transcriber> => {
    if (opened.ears?.recogniser === recogniser) return opened.ears.transcriber;
    await opened.ears?.transcriber.close();
    opened.ears = null;
    const { modelsDir, offline } = setup;
    const transcriber = createTranscriber({ recogniser, modelsDir, offline, concurrency: 1 });
    opened.ears = { recogniser, transcriber };
    return transcriber;
  };

  const hear = async (
    { session, channelRoles, recordingSha256, notices, source }: OrderedSession,
    { recogniser }: WorkOrder,
    line: ParentLine,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<SessionInput> => {
    if (recordingSha256 === null) return { session, audio: null, source, notices };
    const path = await line.recording(recordingSha256);
    const name = nameOf(source);
    try {
      const transcriber = await ears(recogniser);
      const heard = await transcriber.transcribe(
        { session, path, ...(channelRoles ? { channelRoles: [...channelRoles] } : {}) },
        { signal, onProgress: ({ doneMs, totalMs }) => onProgress(totalMs > 0 ? doneMs / totalMs : 0) },
      );
      const recording = heard.session.recording && { ...heard.session.recording, path: name };
      const told = heard.notices.map((notice) => renamed(notice, path, name));
      return { session: { ...heard.session, recording }, audio: heard.audio, source, notices: [...notices, ...told] };
    } catch (error) {
      throw problemError(renamed(toProblem(error, name), path, name), error);
    }
  };

  return {
    async run(order, line, signal) {
      const scorecards = await Promise.all(order.scorecards.map((pinned) => cardOf(pinned, line)));
      const judges = { scorecards, annotator };
      const parts = partsTo(line);
      const troubled: Troubled[] = [];
      for (const [index, ordered] of order.sessions.entries()) {
        // Lets messages in: between written sessions nothing else waits.
        await setImmediate();
        if (signal.aborted) break;
        line.begin(ordered.key);
        const progress = (fraction: number) => line.progress((index + fraction) / order.sessions.length);
        try {
          const input = await hear(ordered, order, line, progress, signal);
          const opinions = judge && (await askJudge(input, judges, judge));
          if (signal.aborted) break;
          parts.finished(ordered.key, inspectSession({ ...input, opinions }, judges));
        } catch (error) {
          if (signal.aborted) break;
          const problem = toProblem(error, nameOf(ordered.source));
          if (passing.has(problem.code)) troubled.push({ key: ordered.key, problem });
          else parts.failed(ordered.key, problem);
        }
        progress(1);
        if (parts.full) await parts.send();
      }
      if (!signal.aborted) await parts.send();
      return troubled;
    },
    async close() {
      await opened.ears?.transcriber.close();
    },
  };
}

function partsTo(line: ParentLine) {
  let work: FinishedWork = { finished: [], failed: [] };
  let bytes = 0;
  return {
    finished(key: string, result: SessionResult) {
      const finished = finish(key, result);
      work.finished.push(finished);
      bytes += finished.input.length + finished.verdicts.length;
    },
    failed: (key: string, problem: Problem) => void work.failed.push({ key, problem }),
    get full() {
      return work.finished.length + work.failed.length >= partSessions || bytes >= partBytes;
    },
    async send() {
      const part = work;
      work = { finished: [], failed: [] };
      bytes = 0;
      if (part.finished.length + part.failed.length > 0) await line.submit(part);
    },
  };
}

/** Makes a scorecard from the files that its hash stands for; the disk of this machine is not looked at. */
async function compileCard(pinned: PinnedFiles, line: ParentLine): Promise<CompiledScorecard> {
  const texts = new Map<string, string>();
  for (const { path, sha256 } of pinned.files)
    texts.set(path, Buffer.from(await line.artefact(sha256)).toString('utf8'));
  const read = (path: string) => {
    const text = texts.get(path);
    if (text !== undefined) return Promise.resolve(text);
    return Promise.reject(Object.assign(new Error(`${path} is not among the scorecard's files.`), { code: 'ENOENT' }));
  };
  const card = await loadScorecard(pinned.path, { read });
  if (card.ref.hash === pinned.hash) return card;
  throw new EarwitnessError(
    'artefact-missing',
    pinned.path,
    `The scorecard ${pinned.id} v${pinned.version} is not what its hash stands for; made again it is ${card.ref.hash}.`,
    'Server and worker are of different versions, or a kept file is damaged. Update the worker, or publish the scorecard again.',
  );
}

function nameOf({ path, entry }: OrderedSession['source']): string {
  return entry === null ? path : `${path}#${entry}`;
}

/** Problems speak of the file by the name that the user gave it, never by where it lies for the moment. */
function renamed(problem: Problem, path: string, name: string): Problem {
  return {
    ...problem,
    path: problem.path === path ? name : problem.path,
    message: problem.message.replaceAll(path, name),
  };
}

function problemError({ code, path, message, hint }: Problem, cause: unknown): EarwitnessError {
  return new EarwitnessError(code, path, message, hint, { cause });
}
