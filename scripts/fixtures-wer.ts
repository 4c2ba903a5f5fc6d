/**
 * npx tsx scripts/fixtures-wer.ts [--words] [call-id …]
 *
 * Ear substitute: lets Debian's pocketsphinx hear every English call of the demo, turn by turn, and prints its
 * word error rate against the truth as the Markdown table of fixtures/README.md. --words prints what was heard.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Turn } from '../src/session/index.ts';
import type { Truth } from './render/produce.ts';
import { runProgram } from './render/run.ts';
import { plainWords, wordErrorRate } from './render/wer.ts';

const truths = 'fixtures/truth/demo';
const { values, positionals } = parseArgs({
  options: { words: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const model = '/usr/share/pocketsphinx/model/en-us';

/**
 * What pocketsphinx hears in one channel, turn by turn: 200 ms are kept around each turn and cepstral means are taken
 * per turn, as a program that segments by voice activity would do it.
 */
async function hear(truth: Truth, channel: number, turns: readonly Turn[], directory: string): Promise<string> {
  const { path } = truth.session.recording!;
  const decode = [
    '-nostdin',
    '-v',
    'error',
    '-i',
    path,
    '-af',
    `pan=mono|c0=c${channel}`,
    '-ar',
    '16000',
    '-f',
    's16le',
    '-',
  ];
  const pcm = await runProgram('ffmpeg', decode);
  const byteAt = (ms: number) => Math.max(0, ms) * 32;
  for (const turn of turns)
    await writeFile(
      join(directory, `${turn.n}.raw`),
      pcm.subarray(byteAt(turn.startMs! - 200), byteAt(turn.endMs! + 200)),
    );
  await writeFile(join(directory, 'list'), turns.map(({ n }) => `${n}\n`).join(''));
  await runProgram('pocketsphinx_batch', [
    ...['-hmm', join(model, 'en-us'), '-lm', join(model, 'en-us.lm.bin'), '-dict', join(model, 'cmudict-en-us.dict')],
    ...['-ctl', join(directory, 'list'), '-adcin', 'yes', '-cepdir', directory, '-cepext', '.raw', '-cmn', 'batch'],
    ...['-remove_silence', 'no', '-hyp', join(directory, 'heard'), '-logfn', '/dev/null'],
  ]);
  return (await readFile(join(directory, 'heard'), 'utf8')).replace(/\(\d+ -?\d+\)$/gm, '');
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
const directory = await mkdtemp(join(tmpdir(), 'earwitness-wer-'));
let errors = 0;
let total = 0;
console.log('| Call | Sound | Agent | Customer | Both |\n|---|---|---|---|---|');
for (const name of (await readdir(truths)).filter((file) => file.endsWith('.json')).sort()) {
  const truth = JSON.parse(await readFile(join(truths, name), 'utf8')) as Truth;
  if (!truth.session.language.startsWith('en')) continue;
  if (positionals.length > 0 && !positionals.includes(truth.session.id)) continue;
  const { roles, codec, sampleRate } = truth.session.recording!;
  const cells = new Map<string, string>();
  let callErrors = 0;
  let callWords = 0;
  for (const [channel, role] of roles.entries()) {
    const spoken = truth.session.turns.filter(({ speaker }) => role === 'mixed' || speaker === role);
    const heard = plainWords(await hear(truth, channel, spoken, directory));
    const reference = plainWords(spoken.map(({ text }) => text).join(' '));
    const rate = wordErrorRate(reference, heard);
    cells.set(role, percent(rate));
    callErrors += rate * reference.length;
    callWords += reference.length;
    if (values.words) console.log(`${role} said:  ${reference.join(' ')}\n${role} heard: ${heard.join(' ')}`);
  }
  errors += callErrors;
  total += callWords;
  const cell = (role: string) => cells.get(role) ?? '–';
  console.log(
    `| ${truth.session.id} | ${codec} ${sampleRate / 1000} kHz | ${cell('agent')} | ${cell('customer')} | ${percent(callErrors / callWords)} |`,
  );
}
console.log(`| all | | | | ${percent(errors / total)} |`);
await rm(directory, { recursive: true });
