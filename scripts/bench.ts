// npm run bench [-- --quick] [-- --only <word of a title>]: measures what docs/performance.md publishes and writes it
// there (not with --quick); with --only the other parts stay as they are.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInputs } from '../src/intake/index.ts';
import type { Session } from '../src/session/index.ts';
import { installTinyModel } from '../src/speech/testing/session.ts';
import { benchChats } from './bench/chats.ts';
import { benchLongCall } from './bench/long-call.ts';
import { machine } from './bench/measure.ts';
import { benchOverhead } from './bench/overhead.ts';
import { benchRules } from './bench/rules.ts';

const quick = process.argv.includes('--quick');
const page = 'docs/performance.md';
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const calls = readdirSync('fixtures/batches/demo/calls')
  .filter((name) => /\.(wav|mp3|opus|ogg)$/.test(name) && !name.startsWith('zh-'))
  .map((name) => join('fixtures/batches/demo/calls', name));

async function demoChats(): Promise<Session[]> {
  const tempDir = mkdtempSync(join(tmpdir(), 'earwitness-bench-'));
  const chats: Session[] = [];
  for await (const item of readInputs(['fixtures/batches/demo/chats'], { defaultLanguage: 'en', tempDir }))
    if (item.kind === 'session') chats.push(item.session);
  rmSync(tempDir, { recursive: true, force: true });
  return chats;
}

const parts: string[] = [
  '# Performance',
  '',
  `Measured with \`npm run bench\` (scripts/bench.ts) on ${machine()}. Nothing else was running. Figures are of this`,
  'machine; the ratios are what carries over.',
  '',
];
async function part(title: string, work: () => Promise<string>): Promise<void> {
  if (only !== undefined && !title.toLowerCase().includes(only.toLowerCase())) {
    parts.push(`## ${title}`, '', written(title), '');
    return;
  }
  console.error(`… ${title}`);
  const text = await work();
  console.log(`\n## ${title}\n\n${text}`);
  parts.push(`## ${title}`, '', text, '');
}

/** What the page says under a title now. */
function written(title: string): string {
  const sections = readFileSync(page, 'utf8').split(/^## /m);
  const own = sections.find((section) => section.startsWith(`${title}\n`)) ?? '';
  return own.slice(title.length).trim();
}

const models = mkdtempSync(join(tmpdir(), 'earwitness-models-'));
installTinyModel(models, 'zipformerCtc', 'en');
try {
  await part('Pipeline against its recogniser', () =>
    benchOverhead(quick ? calls.slice(0, 4) : calls, availableParallelism(), quick ? 1 : 3),
  );
  await part('Long stereo calls: everything but the recogniser', () =>
    benchLongCall({
      source: calls[0]!,
      minutes: quick ? [15, 30] : [30, 60, 120],
      recogniser: 'sherpa',
      modelsDir: models,
    }),
  );
  await part('Long stereo calls with PocketSphinx', () =>
    benchLongCall({
      source: calls[0]!,
      minutes: quick ? [1] : [1, 2, 4],
      recogniser: 'pocketsphinx',
      modelsDir: models,
    }),
  );
  await part('Chats through annotation, scorecard and risk, one core', async () =>
    benchChats(await demoChats(), quick ? 2 : 5),
  );
  await part('Rules and phrases', benchRules);
} finally {
  rmSync(models, { recursive: true, force: true });
}
if (!quick) writeFileSync(page, `${parts.join('\n').trimEnd()}\n`);
