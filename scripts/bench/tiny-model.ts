import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTinyAsrModel } from '../build-tiny-asr-model.ts';

/** A models folder with one tiny model of the real architecture, so that sherpa-onnx runs without any download. */
export function tinyModelsFolder(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'earwitness-models-'));
  const files = buildTinyAsrModel('zipformerCtc', join(dir, 'tiny-zipformer-ctc'));
  const both = (text: string) => ({ en: text, zh: text });
  const entry = (part: 'model' | 'tokens', name: string) => ({
    part,
    name,
    url: `tiny/${name}`,
    bytes: statSync(files[part]).size,
    sha256: null,
  });
  const model = {
    id: 'tiny-zipformer-ctc',
    title: 'Tiny zipformer CTC that hears tones',
    languages: ['en', 'zh'],
    architecture: 'zipformerCtc',
    wordTimes: true,
    licence: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    verification: both('Built on this machine.'),
    notes: both('For tests and benchmarks.'),
    files: [entry('model', 'model.onnx'), entry('tokens', 'tokens.txt')],
  };
  writeFileSync(join(dir, 'catalogue.json'), JSON.stringify({ schema: 'earwitness/models/1', models: [model] }));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
