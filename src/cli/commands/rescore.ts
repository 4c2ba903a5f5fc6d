import { Command, Option } from 'commander';
import { engine } from '../../pipeline/index.ts';
import { createReplayer } from '../../regression/index.ts';
import { EarwitnessError, type Replay, type Rescore, type StoredResult, type UiLanguage } from '../../session/index.ts';
import type { ResultStore } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { pinnedAnnotators } from '../pinned-annotators.ts';
import { replayText, rescoreSummary } from '../rescore-text.ts';
import { openStore, storeOption } from '../store-option.ts';
import { makeTempFolder } from '../temp-folder.ts';

interface RescoreOptions {
  store: string;
  all: boolean;
  json: boolean;
  uiLanguage: UiLanguage;
}

/** `earwitness rescore`: judges a stored result again from what it pins, and shows that it comes out identical. */
export function rescoreCommand(report: (status: number) => void): Command {
  return new Command('rescore')
    .description(
      'Judge a stored result again from its pinned scorecard and models, and show whether it comes out identical.',
    )
    .argument('[id]', 'session whose newest result is judged again')
    .addOption(storeOption())
    .option('--all', 'every result that is kept: of the session, or without an id of all sessions', false)
    .option('--json', 'print what was compared as JSON', false)
    .addOption(new Option('--ui-language <tag>', 'language of what is printed').choices(['en', 'zh']).default('en'))
    .action(async (id: string | undefined, options: RescoreOptions) => {
      report(await rescore(id, options));
    });
}

async function rescore(id: string | undefined, options: RescoreOptions): Promise<number> {
  if (id === undefined && !options.all)
    throw new EarwitnessError(
      'usage',
      '',
      'Say which session to judge again.',
      'earwitness rescore A-1042, or earwitness rescore --all',
    );
  const store = openStore(options.store);
  const temp = makeTempFolder();
  try {
    const replay = createReplayer({
      artefact: store.artefact,
      annotatorFor: pinnedAnnotators(store.artefact, temp.path),
    });
    const outcome: Rescore = {
      schema: 'earwitness/rescore/1',
      engine,
      identical: 0,
      differs: 0,
      impossible: 0,
      replays: [],
    };
    for await (const stored of wanted(store, id, options)) {
      const one = await replay(stored);
      outcome[one.status]++;
      if (id === undefined && one.status === 'identical') continue;
      if (options.json) outcome.replays.push(one);
      else process.stdout.write(replayText(one, options.uiLanguage, process.stdout.isTTY));
    }
    if (options.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
    else if (options.all) process.stdout.write(rescoreSummary(outcome, options.uiLanguage));
    return statusOf(outcome);
  } finally {
    store.close();
    temp.remove();
  }
}

async function* wanted(
  store: ResultStore,
  id: string | undefined,
  options: RescoreOptions,
): AsyncGenerator<StoredResult> {
  if (id !== undefined) {
    const kept = await store.ofSession(id);
    if (kept.length === 0)
      throw new EarwitnessError(
        'result-missing',
        options.store,
        `No result of a session "${id}" is kept here.`,
        'The report names every session by its id; another folder is named with --store.',
      );
    yield* options.all ? kept : kept.slice(0, 1);
    return;
  }
  if ((await store.counts()).results === 0)
    throw new EarwitnessError(
      'result-missing',
      options.store,
      'No result is kept here.',
      'Run inspect with the same --out folder first, or name another with --store.',
    );
  yield* store.all();
}

/** What cannot be replayed outweighs what differs: the answer is not whole. */
function statusOf({ impossible, differs }: Record<Replay['status'], number>): number {
  if (impossible > 0) return exitStatus.couldNotRun;
  return differs > 0 ? exitStatus.findings : exitStatus.clean;
}
