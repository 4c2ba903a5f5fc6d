// Text to measure matching on: labelled corpora beside the checkout where they are, else the project's own fixtures.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { type Entry, fromBuffer } from 'yauzl';
import { parse as parseYaml } from 'yaml';

export interface Corpus {
  language: 'en' | 'zh';
  source: string;
  /** One message per line. */
  lines: string[];
}

const shared = '../shared/data';

export async function corpora(): Promise<Corpus[]> {
  if (!existsSync(join(shared, 'banking77/train.csv'))) return fixtureLines();
  const banking = rows('banking77/train.csv').map((row) => row.text);
  const emotions = ['train', 'dev'].flatMap((part) =>
    readFileSync(join(shared, `goemotions/${part}.tsv`), 'utf8')
      .split('\n')
      .map((line) => line.split('\t')[0]),
  );
  const cped = rows('cped/valid_split.csv').map((row) => row.Utterance);
  const woz = Object.values(JSON.parse(await firstEntry(join(shared, 'crosswoz/val.json.zip'))) as object).flatMap(
    (dialogue: { messages: { content: string }[] }) => dialogue.messages.map((message) => message.content),
  );
  return [
    { language: 'en', source: 'banking77, goemotions', lines: clean([...banking, ...emotions]) },
    { language: 'zh', source: 'crosswoz, cped', lines: clean([...woz, ...cped]) },
  ];
}

/** Phrases of the shipped lexicons, each once; those that ripgrep would read differently (`*`, `$name`) left out. */
export function shippedPhrases(language: 'en' | 'zh'): string[] {
  const found = new Set<string>();
  for (const name of readdirSync('rules/lexicons').sort()) {
    if (!name.includes(`.${language}.`)) continue;
    const content = parseYaml(readFileSync(join('rules/lexicons', name), 'utf8')) as string[] | { phrases: string[] };
    for (const phrase of Array.isArray(content) ? content : (content.phrases ?? []))
      if (!/[*$]/.test(phrase)) found.add(phrase);
  }
  return [...found];
}

function rows(path: string): Record<string, string>[] {
  return parseCsv(readFileSync(join(shared, path), 'utf8'), { columns: true, bom: true });
}

function clean(lines: readonly (string | undefined)[]): string[] {
  return lines.map((line) => (line ?? '').replace(/\s+/g, ' ').trim()).filter((line) => line !== '');
}

function firstEntry(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    fromBuffer(readFileSync(path), { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.once('entry', (entry: Entry) =>
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part)).once('error', reject);
          stream.once('end', () => resolve(Buffer.concat(parts).toString('utf8')));
        }),
      );
      zip.readEntry();
    });
  });
}

/** Every message of the demo chats and tickets, repeated to a size at which starting a program does not matter. */
function fixtureLines(): Corpus[] {
  const texts: string[] = [];
  for (const folder of ['fixtures/batches/demo/chats', 'fixtures/batches/demo/tickets'])
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json')))
      for (const [, text] of readFileSync(join(folder, name), 'utf8').matchAll(/"text":\s*"((?:[^"\\]|\\.)*)"/g))
        texts.push(JSON.parse(`"${text}"`) as string);
  const own = clean(texts);
  const repeated = (lines: string[]) => Array.from({ length: 20_000 }, (_, i) => lines[i % lines.length]!);
  const chinese = (line: string) => /[\u4e00-\u9fff]/.test(line);
  return [
    { language: 'en', source: 'demo chats and tickets, repeated', lines: repeated(own.filter((one) => !chinese(one))) },
    { language: 'zh', source: 'demo chats and tickets, repeated', lines: repeated(own.filter(chinese)) },
  ];
}
