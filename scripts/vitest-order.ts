import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files with a process of their own, in the order in which they start: those that take longest, so that none of them is left
 * over at the end; and those that measure or change what a process has but once. What mostly waits comes while the
 * recogniser of the first one is at work.
 */
export const alone: readonly string[] = [
  'scripts/agreement.test.ts',
  'scripts/chaos.test.ts',
  'src/server/work/postgres-restart.test.ts',
  'src/queue/bullmq/postgres.test.ts',
  'src/queue/bullmq/redis.test.ts',
  'src/queue/embedded/queue.test.ts',
  'src/queue/bullmq/redis-failures.test.ts',
  'src/queue/embedded/failures.test.ts',
  'src/store/installation/store.test.ts',
  'src/cli/cli.test.ts',
  'scripts/shipped-rules.test.ts',
  'src/report/page.browser.test.ts',
  'src/server/work/work.test.ts',
  'src/cli/bad-input.test.ts',
  'src/server/work/locked-database.test.ts',
  'src/server/access/matrix.test.ts',
  'scripts/testing-entry.test.ts',
  'src/server/front/front.browser.test.ts',
  'src/cli/installation.test.ts',
  'src/cli/lint-command.test.ts',
  'src/cli/replay.test.ts',
  'src/cli/test-command.test.ts',
  'src/speech/transcriber.test.ts',
  'src/speech/recognisers/pocketsphinx.test.ts',
  'src/store/archive/archive.test.ts',
  'src/store/upkeep/backup.test.ts',
  'src/store/installation/open.test.ts',
  'src/intake/hostile.test.ts',
];

const gone = alone.filter((file) => !existsSync(join(import.meta.dirname, '..', file)));
if (gone.length > 0) throw new Error(`scripts/vitest-order.ts names what is not there: ${gone.join(', ')}`);

/** Those files first and in that order, then all others, which share processes; the longer the file the earlier. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const root = this.ctx.config.root;
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = alone.indexOf(relative(root, moduleId));
      return place === -1 ? alone.length : place;
    };
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b));
  }
}
