/**
 * npm run fixtures:render [-- --check] [-- scenario-id …]
 *
 * Renders fixtures/scenarios/*.yaml to fixtures/batches/demo/calls and the truth about them to fixtures/truth/demo.
 * With --check nothing is written: everything is rendered anew in memory and compared with what is committed. A
 * difference in the truth or in the facts beside the audio is an error (exit 1). A difference in encoded bytes alone
 * is told but allowed: another build of ffmpeg may encode the same sound in other bytes.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allFacts } from './render/facts.ts';
import { batchFolder, produce, recordingPath, type Truth, writeOut } from './render/produce.ts';
import { readScenario } from './render/scenario.ts';

const calls = `${batchFolder}/calls`;
const truths = 'fixtures/truth/demo';

/** Every file of the rendered batch by its path in the repository. */
async function render(ids: readonly string[]): Promise<Map<string, Buffer | string>> {
  const names = (await readdir('fixtures/scenarios')).filter((name) => name.endsWith('.yaml')).sort();
  const scenarios = await Promise.all(names.map((name) => readScenario(join('fixtures/scenarios', name))));
  const unknown = ids.filter((id) => !scenarios.some((scenario) => scenario.id === id));
  if (unknown.length > 0)
    throw new Error(`no such scenario: ${unknown.join(', ')}; there are ${scenarios.map(({ id }) => id).join(', ')}`);
  const files = new Map<string, Buffer | string>();
  const done: Truth[] = [];
  for (const scenario of scenarios) {
    if (ids.length > 0 && !ids.includes(scenario.id)) continue;
    const path = recordingPath(scenario);
    const { audio, truth } = await produce(scenario, path);
    files.set(path, audio);
    files.set(`${truths}/${scenario.id}.json`, `${JSON.stringify(truth, null, 1)}\n`);
    done.push(truth);
    console.log(
      `${scenario.id}: ${(truth.session.recording!.durationMs / 1000).toFixed(1)} s, ${Math.round(audio.length / 1024)} kB`,
    );
  }
  for (const [name, content] of allFacts(scenarios, done)) {
    if (ids.length === 0 || done.some(({ session }) => name.startsWith(session.id)))
      files.set(`${calls}/${name}`, content);
  }
  return files;
}

/** Compares with the committed files; prints what differs. Returns the number of differences that matter. */
async function check(files: ReadonlyMap<string, Buffer | string>): Promise<number> {
  let wrong = 0;
  for (const [path, content] of files) {
    const committed = await readFile(path).catch(() => null);
    if (committed === null) {
      console.error(`${path}: missing; run npm run fixtures:render`);
      wrong++;
    } else if (Buffer.isBuffer(content)) {
      if (!committed.equals(content)) console.warn(`${path}: other bytes (another encoder build?)`);
    } else if (withoutHash(committed.toString()) !== withoutHash(content)) {
      console.error(`${path}: the script and the committed file disagree; run npm run fixtures:render`);
      wrong++;
    }
  }
  return wrong;
}

/** The list that `sha256sum --check` reads, from every truth that lies there, in the order of their names. */
async function writeSums(): Promise<void> {
  const names = (await readdir(truths)).filter((name) => name.endsWith('.json')).sort();
  const lines = await Promise.all(
    names.map(async (name) => {
      const { session } = JSON.parse(await readFile(join(truths, name), 'utf8')) as Truth;
      return `${session.recording!.sha256}  ${session.recording!.path}\n`;
    }),
  );
  await writeOut(truths, 'SHA256SUMS', lines.join(''));
}

/** What an earlier version of the scripts left in the two folders would be inspected as if it still belonged there. */
async function removeStale(files: ReadonlyMap<string, unknown>): Promise<void> {
  for (const folder of [calls, truths])
    for (const name of await readdir(folder)) if (!files.has(`${folder}/${name}`)) await rm(join(folder, name));
}

const withoutHash = (json: string): string => json.replace(/"sha256": "[0-9a-f]{64}"/, '');

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const files = await render(positionals);
if (values.check) {
  const wrong = await check(files);
  console.log(wrong === 0 ? `${files.size} files agree with the scripts` : `${wrong} of ${files.size} files disagree`);
  process.exitCode = wrong === 0 ? 0 : 1;
} else {
  for (const [path, content] of files) await writeOut('.', path, content);
  if (positionals.length === 0) await removeStale(files);
  await writeSums();
  console.log(`${files.size} files written`);
}
