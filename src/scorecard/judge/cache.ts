import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Opinion, opinionSchema } from '../../session/index.ts';
import type { JudgeConfig } from './config.ts';
import type { JudgeQuestion } from './question.ts';

/** Answers on disk, one file each, readable by their owner alone. A file that is broken counts as absent. */
export class AnswerCache {
  readonly #dir: string;
  readonly #who: string;

  constructor(dir: string, { url, model }: JudgeConfig) {
    this.#dir = dir;
    this.#who = JSON.stringify([url, model]);
  }

  /** The answer that this model gave to this very question about these very words, or null. */
  async get(question: JudgeQuestion): Promise<Opinion | null> {
    try {
      const read = opinionSchema.safeParse(JSON.parse(await readFile(this.#path(question), 'utf8')));
      return read.success && read.data.key === question.key && 'choice' in read.data ? read.data : null;
    } catch {
      return null;
    }
  }

  /** Keeps an answer; troubles are not kept, and a cache that cannot be written costs nothing but the next question. */
  async put(question: JudgeQuestion, opinion: Opinion): Promise<void> {
    if (!('choice' in opinion)) return;
    const path = this.#path(question);
    const draft = `${path}.${randomUUID()}`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(draft, JSON.stringify(opinion), { mode: 0o600 });
      await rename(draft, path);
    } catch {
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }

  #path({ key }: JudgeQuestion): string {
    const name = createHash('sha256').update(`${this.#who}\n${key}`).digest('hex');
    return join(this.#dir, name.slice(0, 2), `${name}.json`);
  }
}
