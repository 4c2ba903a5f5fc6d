import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildTinyAsrModel, type TinyArchitecture } from '../../../scripts/build-tiny-asr-model.ts';
import type { Session } from '../../session/index.ts';

/** A call without turns, as intake makes it for a recording that brings no transcript. */
export function emptyCall(id: string, language = 'en'): Session {
  return {
    id,
    channel: 'call',
    language,
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: null,
    attributes: {},
    recording: null,
    transcript: { origin: 'recognised', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: [],
  };
}

/** Puts a tiny model into a models folder, with a catalogue that names it for a language. */
export function installTinyModel(
  modelsDir: string,
  architecture: TinyArchitecture,
  language: string,
  blank?: number,
): void {
  const paths = buildTinyAsrModel(architecture, join(modelsDir, 'tiny'), blank);
  const words = { en: 'Built by a script.', zh: '由脚本生成。' };
  const files = (['model', 'tokens'] as const).map((part) => {
    const content = readFileSync(paths[part]);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const name = basename(paths[part]);
    return { part, name, url: `tiny/${name}`, bytes: content.length, sha256 };
  });
  const model = {
    id: 'tiny',
    title: 'Tone model',
    languages: [language],
    architecture,
    wordTimes: true,
    licence: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    verification: words,
    notes: words,
    files,
  };
  writeFileSync(join(modelsDir, 'catalogue.json'), JSON.stringify({ schema: 'earwitness/models/1', models: [model] }));
}
