import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { EarwitnessError, type Localised } from '../../session/index.ts';
import { combineHashes, sha256OfFile } from '../hash.ts';
import { type RecognisedWord, type Recogniser, type RecogniserDefinition, type SpeechSegment } from '../recogniser.ts';

const program = 'pocketsphinx_batch';
const modelDirs = ['/usr/share/pocketsphinx/model/en-us', '/usr/local/share/pocketsphinx/model/en-us'];
const modelFiles = ['en-us', 'en-us.lm.bin', 'cmudict-en-us.dict'];

const remedy: Localised = {
  en: 'Install it with: apt-get install pocketsphinx pocketsphinx-en-us',
  zh: '安装命令：apt-get install pocketsphinx pocketsphinx-en-us',
};

/**
 * CMU PocketSphinx as Debian ships it, with its general US English model. One start of the program takes a whole batch
 * of segments, since loading the language model costs about half a second each time.
 */
export const pocketsphinx: RecogniserDefinition = {
  id: 'pocketsphinx',
  languages: ['en'],
  offline: true,
  // A batch bounds what is lost to a crash and how long the child is silent between two reports of progress.
  batch: { segments: 64, ms: 60_000 },
  caveats: [
    {
      en: 'PocketSphinx with its general English model gets many words wrong, above all names, numbers and accented speech. Check the sound before acting on a missing phrase.',
      zh: 'PocketSphinx 的通用英语模型错字较多，人名、数字和带口音的语音尤其如此。依据“未说某句话”下结论之前，请先听录音。',
    },
  ],
  async check() {
    const binary = await findProgram();
    if (!binary)
      return {
        available: false,
        problem: {
          en: `The program ${program} is not on the search path.`,
          zh: `在搜索路径中找不到程序 ${program}。`,
        },
        remedy,
      };
    const model = await findModel();
    if (!model)
      return {
        available: false,
        problem: {
          en: `The US English model is missing (looked in ${modelDirs.join(', ')}).`,
          zh: `缺少美式英语模型（已查找 ${modelDirs.join('、')}）。`,
        },
        remedy,
      };
    return {
      available: true,
      name: 'PocketSphinx, US English',
      version: await packageVersion(),
      licence: 'BSD-2-Clause',
    };
  },
  async modelHash() {
    const model = await findModel();
    if (!model) return null;
    const acoustic = (await readdir(join(model, 'en-us'))).map((name) => `en-us/${name}`);
    const names = [...acoustic, ...modelFiles.slice(1)];
    const hashes = names.map(async (name) => ({ name, sha256: await sha256OfFile(join(model, name)) }));
    return combineHashes(await Promise.all(hashes));
  },
  async open(): Promise<Recogniser> {
    const [binary, model] = [await findProgram(), await findModel()];
    if (!binary || !model)
      throw new EarwitnessError('recogniser-missing', program, 'PocketSphinx or its model is gone.', remedy.en);
    return {
      async recognise(segments) {
        const words = await recogniseBatch(binary, model, segments);
        return words.map((list) => ({ text: list.map((word) => word.text).join(' '), words: list, language: 'en' }));
      },
      async close() {},
    };
  },
};

async function recogniseBatch(
  binary: string,
  model: string,
  segments: readonly SpeechSegment[],
): Promise<RecognisedWord[][]> {
  // TMPDIR of a child is its own and is removed with it, so an abort in the midst leaves nothing behind either.
  const dir = await mkdtemp(join(tmpdir(), 'earwitness-ps-'));
  try {
    for (const [i, segment] of segments.entries())
      await writeFile(join(dir, `${utterance(i)}.raw`), toPcm16(segment.samples));
    await writeFile(join(dir, 'ctl'), segments.map((_, i) => `${utterance(i)}\n`).join(''));
    await run(binary, [
      ...['-hmm', join(model, 'en-us'), '-lm', join(model, 'en-us.lm.bin'), '-dict', join(model, 'cmudict-en-us.dict')],
      ...['-ctl', join(dir, 'ctl'), '-adcin', 'yes', '-cepdir', dir, '-cepext', '.raw'],
      // Without -remove_silence no, silent frames are dropped before decoding and all word times run early.
      // Cepstral means are taken per segment: carried over, they would mix two speakers and depend on the order.
      ...['-remove_silence', 'no', '-cmn', 'batch', '-input_endian', 'little'],
      ...['-hyp', join(dir, 'hyp'), '-ctm', join(dir, 'ctm'), '-logfn', '/dev/null'],
    ]);
    return collect(await readFile(join(dir, 'hyp'), 'utf8'), await readFile(join(dir, 'ctm'), 'utf8'), segments.length);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * Words per utterance from the program's two outputs. `hyp` has one line for every utterance, also an empty one, and
 * so proves that none was skipped; `ctm` has the words: `name channel start duration word confidence`, in seconds.
 */
export function collect(hyp: string, ctm: string, count: number): RecognisedWord[][] {
  const heard = new Set([...hyp.matchAll(/\((u\d+) -?\d+\)$/gm)].map((match) => match[1]));
  const words: RecognisedWord[][] = [];
  for (let i = 0; i < count; i++) {
    if (!heard.has(utterance(i)))
      throw new EarwitnessError(
        'recogniser-failed',
        program,
        `PocketSphinx left out segment ${i + 1} of ${count}.`,
        'Run again; if it repeats, try another recogniser with --recogniser.',
      );
    words.push([]);
  }
  for (const line of ctm.split('\n')) {
    const [name = '', , start, duration, raw = '', confidence] = line.trim().split(/\s+/);
    const list = words[Number(name.slice(1))];
    const text = cleanWord(raw);
    if (!list || text === null) continue;
    const startMs = Math.round(Number(start) * 1000);
    list.push({
      text,
      startMs,
      endMs: startMs + Math.max(10, Math.round(Number(duration) * 1000)),
      // Posteriors come out of a rounded log table and can lie a little above 1.
      confidence: Math.min(1, Math.max(0, Number(confidence) || 0)),
      spaced: true,
    });
  }
  return words;
}

/** The written form of a dictionary entry: `and(2)` → `and`; null for silence, noise and sentence marks. */
export function cleanWord(raw: string): string | null {
  if (raw === '' || /^<.*>$/.test(raw) || /^\[.*\]$/.test(raw) || /^\+\+.*\+\+$/.test(raw)) return null;
  return raw.replace(/\(\d+\)$/, '');
}

const utterance = (index: number) => `u${index}`;

function toPcm16(samples: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  for (const [i, sample] of samples.entries())
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), i * 2);
  return bytes;
}

async function run(binary: string, args: string[]): Promise<void> {
  const child: ChildProcess = spawn(binary, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
  });
  if (code !== 0)
    throw new EarwitnessError(
      'recogniser-failed',
      program,
      `PocketSphinx ended with ${signal ? `signal ${signal}` : `exit status ${code}`}.`,
      'Check with `earwitness doctor` that its model is complete; otherwise try another recogniser.',
    );
}

async function findProgram(): Promise<string | null> {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    if (dir === '') continue;
    const path = join(dir, program);
    if (await reachable(path, constants.X_OK)) return path;
  }
  return null;
}

async function findModel(): Promise<string | null> {
  for (const dir of modelDirs) {
    const found = await Promise.all(modelFiles.map((name) => reachable(join(dir, name), constants.R_OK)));
    if (found.every(Boolean)) return dir;
  }
  return null;
}

async function reachable(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** The Debian package's version; the program itself has no option that tells it. */
async function packageVersion(): Promise<string> {
  try {
    const status = await readFile('/var/lib/dpkg/status', 'utf8');
    const entry = status.split('\n\n').find((text) => text.startsWith('Package: pocketsphinx\n'));
    return entry?.match(/^Version: (.+)$/m)?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
