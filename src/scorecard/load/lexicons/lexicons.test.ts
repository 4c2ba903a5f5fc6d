import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../evaluate.ts';
import { cardOf, loadFiles, problemsIn, problemsOf } from '../../testing/card.ts';
import { annotationsOf, sessionOf } from '../../testing/session.ts';
import { loadScorecard } from '../load.ts';
import { lexiconLimits } from './limits.ts';

const card = (lexicon: string) => cardOf('expect: { phrase: $words }', `lexicons: { words: ${lexicon} }`);

async function finds(files: Record<string, string>, text: string): Promise<boolean> {
  const session = sessionOf([['agent', 0, 1, text]]);
  return evaluate(await loadFiles(files), session, annotationsOf(session)).items[0]!.verdict === 'pass';
}

describe('lexicon files', () => {
  const files = {
    'card.yaml': card('{ file: words/all.yaml }'),
    'words/all.yaml': 'id: all\nversion: 4\ninclude: [more.txt, table.csv, ../other.yaml]\nphrases: [own words]\n',
    'words/more.txt': '# a comment\r\n\r\nplain line\r\n$100 off\r\n谢谢您\r\n',
    'words/table.csv': 'phrase,note\n"quoted, comma",x\nsecond,y\n',
    'other.yaml': '[deeper]',
  };

  it('include others: YAML, word lists and tables', async () => {
    for (const text of ['own words', 'a plain line', 'it is $100 off', '謝謝您', 'quoted, comma', 'second', 'deeper'])
      expect(await finds(files, text), text).toBe(true);
    expect(await finds(files, 'a phrase and a note')).toBe(false);
    expect(await finds(files, 'a comment')).toBe(false);
  });

  it('are pinned with what they state of themselves, and enter the hash', async () => {
    const { parts, ref } = await loadFiles(files);
    expect(parts.map(({ file, id, version }) => [file, id, version])).toEqual([
      ['/cards/words/all.yaml', 'all', 4],
      ['/cards/words/more.txt', null, null],
      ['/cards/words/table.csv', null, null],
      ['/cards/other.yaml', null, null],
    ]);
    for (const name of ['words/all.yaml', 'words/more.txt', 'words/table.csv', 'other.yaml'] as const) {
      const changed = { ...files, [name]: files[name].replace(/own words|plain line|second|deeper/, 'changed') };
      expect((await loadFiles(changed)).ref.hash).not.toBe(ref.hash);
    }
  });

  it('may be asked for by version, and changed where they are named', async () => {
    expect(
      await finds({ ...files, 'card.yaml': card('{ file: words/all.yaml, version: 4, add: [extra] }') }, 'extra'),
    ).toBe(true);
    expect(await finds({ ...files, 'card.yaml': card('{ file: words/all.yaml, remove: [second] }') }, 'second')).toBe(
      false,
    );
    const problems = await problemsIn({
      ...files,
      'card.yaml': card('{ file: words/all.yaml, version: 3, remove: [secnd] }'),
    });
    expect(problems).toEqual([
      {
        at: 'card.yaml:4:44 version-mismatch',
        message:
          'The lexicon file is at version 4, and version 3 is asked for. Look at what has changed, then raise the version here and that of the scorecard.',
      },
      {
        at: 'card.yaml:4:65 bad-value',
        message: '"secnd" is not in this lexicon, so it cannot be taken out. Did you mean "second"?',
      },
    ]);
  });

  it('are refused in a circle, empty, misnamed or misshapen', async () => {
    const at = async (changes: Record<string, string>) =>
      (await problemsIn({ ...files, ...changes })).map((one) => one.at);
    expect(await at({ 'other.yaml': 'include: [words/all.yaml]' })).toEqual(['other.yaml:1:11 circular-reference']);
    expect(await at({ 'words/more.txt': '# nothing\n' })).toEqual(['words/more.txt:1:1 empty-lexicon']);
    expect(await at({ 'other.yaml': 'phrases: hello\nincldue: [x]' })).toEqual([
      'other.yaml:1:1 wrong-type',
      'other.yaml:2:1 unknown-key',
    ]);
    expect(await at({ 'other.yaml': 'hello' })).toEqual(['other.yaml:1:1 wrong-type']);
    expect(await at({ 'words/all.yaml': 'include: [gone.txt]' })).toEqual(['words/all.yaml:1:11 file-unreadable']);
    expect(await at({ 'words/more.txt': 'good\n?!\n' })).toEqual(['words/more.txt:2:1 bad-value']);
    expect(await at({ 'card.yaml': card('{ fil: words/all.yaml }') })).toEqual([
      'card.yaml:4:13 empty-lexicon',
      'card.yaml:4:22 unknown-key',
    ]);
  });

  it('tell the same fault of many phrases once', async () => {
    const long = `${'x'.repeat(lexiconLimits.characters + 1)}\n`;
    const problems = await problemsIn({
      ...files,
      'words/more.txt': `fine\n${long.repeat(5000)}${'?!\n'.repeat(900)}`,
    });
    expect(problems).toEqual([
      {
        at: 'words/more.txt:2:1 bad-value',
        message:
          '5000 phrases have more than 300 characters; this is the first of them. A phrase is what somebody says in one breath; use a regex for more.',
      },
      {
        at: 'words/more.txt:5002:1 bad-value',
        message:
          '900 phrases hold no letter or digit to search for; this is the first of them. Example: thank you for calling.',
      },
    ]);
    const numbers = await problemsIn({ 'card.yaml': card('[1, yes, 2, null, 3.5]') });
    expect(numbers.map((one) => one.at)).toEqual(['card.yaml:4:21 wrong-type']);
  });

  it('of a million words are refused before they are compiled', async () => {
    const million = Array.from({ length: 1_000_000 }, (_, i) => i.toString(36)).join('\n');
    expect(await problemsIn({ 'card.yaml': card('{ file: m.txt }'), 'm.txt': million })).toEqual([
      {
        at: 'card.yaml:4:22 lexicon-too-large',
        message:
          'The lexicon is too large: 1000000 phrases, and at most 100000 are allowed. Leave out what nobody says, or find whole families of words by a regex.',
      },
    ]);
    const half = (from: number) => Array.from({ length: 60_000 }, (_, i) => `w${from + i}`).join('\n');
    const two = { 'card.yaml': card('{ file: all.yaml }'), 'all.yaml': 'include: [a.txt, b.txt]' };
    expect((await problemsIn({ ...two, 'a.txt': half(0), 'b.txt': half(60_000) })).map((one) => one.at)).toEqual([
      'card.yaml:4:13 lexicon-too-large',
    ]);
  });

  it('that refer to one another many times over are followed once', async () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `l${i}: [$l${i + 1}, $m${i + 1}], m${i}: [$l${i + 1}, $m${i + 1}]`,
    );
    const files = {
      'card.yaml': cardOf(
        'expect: { phrase: $l0 }',
        `lexicons: { ${levels.join(', ')}, l40: [bottom], m40: [ground] }`,
      ),
    };
    expect(await finds(files, 'the ground')).toBe(true);
  });
});

const gb = (hex: string) => Buffer.from(hex, 'hex');
// 非常抱歉 and 谢谢您 in GB18030, one a line.
const chinese = gb('b7c7b3a3b1a7c7b80ad0bbd0bbc4fa0a');

describe('encodings', () => {
  async function inFolder<T>(files: Record<string, string | Buffer>, work: (dir: string) => Promise<T>): Promise<T> {
    const dir = await mkdtemp(join(tmpdir(), 'lexicons-'));
    try {
      for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
      await mkdir(join(dir, 'folder'));
      return await work(dir);
    } finally {
      await rm(dir, { recursive: true });
    }
  }
  const text = card('{ file: words.txt }');
  const problemOf = (files: Record<string, string | Buffer>, name = 'card.yaml') =>
    inFolder(files, async (dir) => {
      try {
        await loadScorecard(join(dir, name));
        return null;
      } catch (error) {
        const [first] = (error as { problems: { code: string; message: string }[] }).problems;
        return `${first!.code}: ${first!.message}`;
      }
    });
  const utf16 = (mark: boolean) => Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');

  it('of word lists may be UTF-8, UTF-16 with a mark or GB18030', async () => {
    const session = sessionOf([['agent', 0, 1, '非常抱歉']], { language: 'zh' });
    const mark = Buffer.from('\uFEFF非常抱歉\n');
    for (const words of [chinese, mark, Buffer.from('\uFEFF非常抱歉\n', 'utf16le')])
      await inFolder({ 'card.yaml': text, 'words.txt': words }, async (dir) => {
        const result = evaluate(await loadScorecard(join(dir, 'card.yaml')), session, annotationsOf(session));
        expect(result.items[0]!.evidence[0]!.quote).toBe('非常抱歉');
      });
    const western = gb('636166e90a6465636ff960726573740a');
    expect(await problemOf({ 'card.yaml': text, 'words.txt': western })).toBe(
      'file-encoding: "words.txt" cannot be used: The file is not UTF-8 text: it looks like neither UTF-8 nor another encoding that is known.',
    );
  });

  it('of scorecards are Unicode; others are named and refused', async () => {
    const words = { 'words.txt': 'hello\n' };
    expect(await problemOf({ ...words, 'card.yaml': utf16(true) })).toBeNull();
    expect(await problemOf({ ...words, 'card.yaml': `\uFEFF${text.replaceAll('\n', '\r\n')}` })).toBeNull();
    expect(await problemOf({ ...words, 'card.yaml': utf16(false) })).toBe(
      'file-encoding: The file is not UTF-8 text: it looks like UTF-16 without a byte-order mark.',
    );
    expect(await problemOf({ ...words, 'card.yaml': Buffer.concat([Buffer.from(text), chinese]) })).toBe(
      'file-encoding: The file is not UTF-8 text: it looks like GB18030 (GBK).',
    );
    expect(await problemOf({ 'card.yaml': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff, 0, 0, 9]) })).toBe(
      'file-encoding: The file is not UTF-8 text: it looks like a binary file.',
    );
    expect(await problemOf({}, 'folder')).toBe('file-unreadable: This is a directory.');
    expect(await problemOf({ ...words, 'card.yaml': text.replace('words.txt', 'folder') })).toBe(
      'file-unreadable: "folder" cannot be used: This is a directory.',
    );
  });
});

describe('YAML that means something else', () => {
  it('is refused at its place', async () => {
    const first = async (text: string) => {
      const [problem] = await problemsOf(text);
      return `${problem!.line}:${problem!.column} ${problem!.code} ${problem!.message}`;
    };
    expect(await first('id: a\nid: b')).toBe('2:1 yaml-syntax The key "id" stands twice in one group.');
    expect(await first('? [id]\n: a')).toBe(
      '1:3 yaml-syntax A key is a word; this one is empty, an alias, a list or a group.',
    );
    expect(await first('a: &a { b: *a }')).toBe('1:12 yaml-unsafe This alias lies inside what it stands for.');
    expect(await first('a: *b')).toBe('1:4 yaml-syntax There is no anchor "b" for this alias.');
    expect(await first('a: &a { b: 1 }\nc: { <<: *a }')).toBe(
      '2:6 yaml-unsafe Merge keys (<<) are not part of the language.',
    );
    expect(await first('%YAML 1.1\n---\na: { <<: { b: 1 } }')).toContain('Merge keys');
    expect(await first('id: !!binary aGk=')).toBe('1:5 yaml-syntax Unresolved tag: tag:yaml.org,2002:binary.');
    expect(await first('__proto__: { id: a }')).toBe('1:1 yaml-unsafe The key "__proto__" is not allowed.');
    expect(await first('id: a\n---\nid: b')).toBe('2:1 yaml-syntax A second document starts here; a file holds one.');
    expect(await first('id:\n\t- a')).toBe('2:1 yaml-syntax Tabs are not allowed as indentation.');
    for (const number of ['.nan', '.inf', '-.inf', '1e999', '99999999999999999999', '-0.5'])
      expect(await first(cardOf('expect: { phrase: [x] }').replace('version: 1', `version: ${number}`))).toMatch(
        /^2:1 (wrong-type|bad-value)/,
      );
    expect(await first('')).toMatch(/^1:1 wrong-type/);
  });

  it('and patterns that would be too large, too', async () => {
    for (const pattern of ['a{1000}{1000}', '((a{30}){30}){30}', '(a', `(${'a|'.repeat(1000)}a)`])
      expect((await problemsOf(cardOf(`expect: { regex: '${pattern}' }`))).map((one) => one.code)).toEqual([
        pattern.length > 2000 ? 'bad-value' : 'bad-pattern',
      ]);
    const slow = await loadFiles({ 'card.yaml': cardOf("expect: { regex: '^(a+)+$' }") });
    const session = sessionOf([['agent', 0, 1, `${'a'.repeat(20_000)}!`]]);
    expect(evaluate(slow, session, annotationsOf(session)).items[0]!.verdict).toBe('fail');
  });
});
