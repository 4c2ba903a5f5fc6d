import { inspectBatch, type BatchOptions } from '../../pipeline/index.ts';
import {
  type AudioFacts,
  EarwitnessError,
  type Localised,
  type Session,
  sessionSchema,
  toProblem,
} from '../../session/index.ts';
import { both } from './wording.ts';

/** What it takes to read the import files and recordings that fixtures refer to. */
export interface References {
  /** Hears recordings; one that only takes given transcripts makes cases with other recordings "could not run". */
  transcriber: BatchOptions['transcriber'];
  annotator: BatchOptions['judges']['annotator'];
  /** An existing folder for what is unpacked. */
  tempDir: string;
  signal: AbortSignal;
}

export type Referred =
  { session: Session; audio: AudioFacts | null } | { problem: { message: Localised; hint: string | null } };

type Batch = Awaited<ReturnType<typeof inspectBatch>>;

/** Reads the files that the fixtures of one run refer to, each once, however many cases refer to it. */
export class ReferenceReader {
  readonly #references: References;
  readonly #read = new Map<string, Promise<Batch>>();

  constructor(references: References) {
    this.#references = references;
  }

  /** One session out of a file, as an inspection would read it. `id` chooses where the file holds several. */
  async read(file: string, id: string | undefined, language: string): Promise<Referred> {
    const refuse = (message: Localised, hint: string | null): Referred => ({ problem: { message, hint } });
    try {
      const { sessions, failures } = await this.#batch(file, language);
      const found = id === undefined && sessions.length === 1 ? sessions[0] : sessions.find((one) => one.id === id);
      if (found) return { session: sessionOnly(found), audio: found.audio };
      const failure = failures[0];
      if (failure && sessions.length === 0) return refuse(both(failure.message, failure.message), failure.hint);
      const ids = sessions.map((one) => one.id);
      const listed = `${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ', …' : ''}`;
      return id === undefined
        ? refuse(
            both(`${file} holds ${ids.length} sessions.`, `${file} 中有 ${ids.length} 个会话。`),
            `Name one: id: ${listed}.`,
          )
        : refuse(both(`${file} holds no session "${id}".`, `${file} 中没有会话“${id}”。`), `It holds ${listed}.`);
    } catch (error) {
      if (!(error instanceof EarwitnessError)) throw error;
      const { message, hint } = toProblem(error, file);
      return refuse(both(message, message), hint);
    }
  }

  #batch(file: string, language: string): Promise<Batch> {
    const key = `${language}\u0000${file}`;
    const known = this.#read.get(key);
    if (known) return known;
    const { transcriber, annotator, tempDir, signal } = this.#references;
    const batch = inspectBatch({
      inputs: [file],
      intake: { defaultLanguage: language, tempDir, signal },
      transcriber,
      judges: { scorecards: [], annotator },
      cache: null,
      concurrency: 1,
      signal,
      onEvent: () => undefined,
    });
    this.#read.set(key, batch);
    return batch;
  }
}

/** The session alone, without what was judged of it. */
function sessionOnly(result: Session): Session {
  const keys = Object.keys(sessionSchema.shape) as (keyof Session)[];
  return Object.fromEntries(keys.map((key) => [key, result[key]])) as unknown as Session;
}
