import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installState, loadCatalogue, modelsFor, parseCatalogue } from './catalogue.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-catalogue-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('model catalogue', () => {
  it('offers the best model per language first', () => {
    const first = (language: string) => modelsFor(loadCatalogue(dir), language)[0]?.id;
    expect({
      'en-GB': first('en-GB'),
      'zh-CN': first('zh-CN'),
      de: first('de'),
      ar: first('ar'),
      none: first('tlh'),
    }).toEqual({
      'en-GB': 'sherpa-onnx-nemo-parakeet_tdt_ctc_110m-en-36000-int8',
      'zh-CN': 'sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17',
      de: 'sherpa-onnx-nemo-parakeet-tdt-0.6b-v3-int8',
      ar: 'sherpa-onnx-whisper-base',
      none: undefined,
    });
  });

  it('states a hash for every file or says in words that none was verified', () => {
    for (const model of loadCatalogue(dir)) {
      const known = model.files.every((file) => file.sha256 !== null && file.bytes !== null);
      expect(model.verification.en.startsWith(known ? 'Not downloaded here' : 'Not verified here'), model.id).toBe(
        true,
      );
    }
  });

  it('names every fault at once, and where', () => {
    const good = loadCatalogue(dir)[0]!;
    const bad = { ...good, id: '../escape', languages: [], files: good.files.slice(0, 1) };
    expect(() => parseCatalogue({ schema: 'earwitness/models/1', models: [bad, good, good] }, 'own.json')).toThrow(
      /models\.0\.id: .*models\.0\.languages: .*models\.0\.files/,
    );
    expect(() => parseCatalogue({ schema: 'earwitness/models/1', models: [good, good] }, 'own.json')).toThrow(
      `"${good.id}" stands twice`,
    );
    const lacking = { ...good, architecture: 'whisper' };
    expect(() => parseCatalogue({ schema: 'earwitness/models/1', models: [lacking] }, 'own.json')).toThrow(
      'whisper needs exactly the parts decoder, encoder, tokens; found model, tokens',
    );
  });

  it('puts models of one’s own before the shipped ones and replaces by id', () => {
    const shipped = loadCatalogue(dir);
    const own = { ...shipped.at(-1)!, title: 'Mine', languages: ['en'] };
    writeFileSync(join(dir, 'catalogue.json'), JSON.stringify({ schema: 'earwitness/models/1', models: [own] }));
    const joined = loadCatalogue(dir);
    expect(joined.map((model) => model.id)).toEqual([own.id, ...shipped.slice(0, -1).map((model) => model.id)]);
    expect(modelsFor(joined, 'en')[0]?.title).toBe('Mine');
  });

  it('says which file is unreadable', () => {
    writeFileSync(join(dir, 'catalogue.json'), '{');
    expect(() => loadCatalogue(dir)).toThrow('The model catalogue cannot be read');
  });

  it('tells absent, partial and installed apart by file and size', () => {
    const model = { ...loadCatalogue(dir)[0]!, id: 'm' };
    model.files = model.files.map((file) => ({ ...file, bytes: 3 }));
    const [first, second] = model.files.map((file) => file.name) as [string, string];
    expect(installState(model, dir)).toEqual({ state: 'absent' });
    mkdirSync(join(dir, 'm'));
    writeFileSync(join(dir, 'm', first), 'abc');
    writeFileSync(join(dir, 'm', second), 'ab');
    expect(installState(model, dir)).toEqual({ state: 'partial', missing: [second] });
    writeFileSync(join(dir, 'm', second), 'abc');
    expect(installState(model, dir)).toMatchObject({
      state: 'installed',
      model: { id: 'm', files: { model: join(dir, 'm', first), tokens: join(dir, 'm', second) } },
    });
  });
});
