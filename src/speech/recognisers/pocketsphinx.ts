import { constants } from 'node:fs';
import { access, readFile, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { EarwitnessError, type Localised } from '../../session/index.ts';
import { combineHashes, sha256OfFile } from '../hash.ts';
import type { Recogniser, RecogniserDefinition } from '../recogniser.ts';
import { recogniseBatch } from './pocketsphinx-batch.ts';

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
