import { copyFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { EarwitnessError } from '../../session/index.ts';
import { coverageOf } from '../coverage/coverage.ts';
import { findFixtures } from '../fixtures/discover.ts';
import { cardEn, cardZh, folderWith, suiteOptions } from '../testing/run.ts';
import { replaceFiles, runSuite } from './suite.ts';
import { affectedFixtures } from './watch.ts';

let folder: Awaited<ReturnType<typeof folderWith>>;
afterEach(() => folder.remove());

const late = (scorecard: string, [hello, ask]: [string, string], expected: string) => `
scorecard: ${scorecard}
cases:
  - case: late
    session:
      turns:
        - [agent, 0, 2, '${hello}']
        - [agent, 12.4, 15, '${ask}']
    expect: ${expected}
`;
const en: [string, string] = ['Hello there.', 'May I have your name?'];
const zh: [string, string] = ['您好，很高兴为您服务。', '请问您贵姓？'];
const holds =
  '{ greeting: pass, identity: { verdict: fail, near: { turn: 2, at: 12.4s, limit: 10s } }, risk: { atLeast: medium }, score: { atMost: 80 } }';

describe('runSuite', () => {
  it.each([
    ['en', cardEn, en, 'your name', 'said at 12.4 s, limit 10 s'],
    ['zh', cardZh, zh, '您贵姓', '在第 12.4 秒说出，时限 10 秒'],
  ] as const)(
    'judges as an inspection does and tells a failure like a person (%s)',
    async (language, card, words, quote, note) => {
      folder = await folderWith({
        'rules/card.yaml': card,
        'a/good.fixture.yaml': late(`desk-${language}`, words, holds),
        'a/bad.fixture.yaml': late('../rules/card.yaml', words, '{ identity: pass }'),
      });
      const { files, problems, cards } = await runSuite(await findFixtures([folder.path]), suiteOptions(folder.path));
      expect([files.map(({ cases }) => cases.map(({ status }) => status)), problems]).toEqual([
        [['failed'], ['passed']],
        [],
      ]);
      const [bad] = files[0]!.cases[0]!.assertions;
      expect(bad).toMatchObject({
        pass: false,
        kind: 'verdict',
        item: 'identity',
        expected: { en: 'pass', zh: '通过' },
        actual: { en: 'fail', zh: '不通过' },
        place: { line: 9, column: 15 },
        rule: { file: folder.at('rules/card.yaml'), line: 10, column: 11 },
        edits: [{ path: ['identity'], action: 'set', value: 'fail' }],
      });
      expect(bad!.reason[language]).toContain(note);
      expect(bad!.evidence.map((one) => [one.turn, one.startMs, one.quote])).toEqual([[2, 12_400, quote]]);
      expect(files[1]!.cases[0]!.confirmed).toEqual({ greeting: 'pass', identity: 'fail' });
      const [coverage] = coverageOf(
        cards,
        files.flatMap(({ cases }) => cases),
      );
      expect([
        coverage!.covered,
        coverage!.items,
        coverage!.sections.map(({ list }) => list.map(({ id, counts }) => [id, counts.pass, counts.fail])),
      ]).toEqual([
        0,
        3,
        [
          [
            ['greeting', 1, 0],
            ['identity', 0, 1],
          ],
          [
            ['polite', 0, 0],
            ['tone', 0, 0],
          ],
        ],
      ]);
    },
  );

  it('lets a given scorecard stand in for the one that fixtures name', async () => {
    folder = await folderWith({
      'card.yaml': cardEn,
      'candidate/card.yaml': cardEn.replace('first 10s', 'first 15s'),
      'a.fixture.yaml':
        late('desk-en', en, '{ identity: fail }') +
        late('./card.yaml', en, '{ identity: fail }').replace('scorecard', '---\nscorecard').replace('late', 'later'),
    });
    const status = async (given: string[]) => {
      const run = await runSuite(
        [folder.at('a.fixture.yaml')],
        suiteOptions(folder.path, { search: { given, shipped: null } }),
      );
      return run.files[0]!.cases.map((one) => one.status);
    };
    expect(await status([])).toEqual(['passed', 'passed']);
    expect(await status([folder.at('candidate/card.yaml')])).toEqual(['failed', 'failed']);
  });

  it('names what could not run and runs the rest', async () => {
    folder = await folderWith({
      'card.yaml': cardEn,
      'broken.yaml': cardEn.replace('id: desk-en', 'id: broken').replace('by: agent', 'bye: agent'),
      'a.fixture.yaml': late('desk-en', en, '{ identiy: fail }'),
      'b.fixture.yaml': late('dsk-en', en, '{ identity: fail }'),
      'c.fixture.yaml': late('broken', en, '{ identity: fail }'),
      'd.fixture.yaml': late('desk-en', en, '{ identity: fail }').replace(
        / {6}turns:[^]*?(?= {4}expect)/,
        '      file: call.wav\n',
      ),
      'e.fixture.yaml': late('desk-en', en, '{ identity: fail }'),
      'f.fixture.yaml': late('desk-en', en, '{ identity: pass }').replace(
        '    session',
        '    skip: until Monday\n    session',
      ),
      'call.wav': 'RIFF',
    });
    const { files, problems } = await runSuite(await findFixtures([folder.path]), suiteOptions(folder.path));
    expect(files.map(({ cases }) => cases[0]!.status)).toEqual([
      'could-not-run',
      'could-not-run',
      'could-not-run',
      'could-not-run',
      'passed',
      'skipped',
    ]);
    expect(files.map((file) => file.problems.map(({ line, code, hint }) => [line, code, hint]))).toEqual([
      [[9, 'unknown-item', 'Did you mean "identity"?']],
      [[2, 'unknown-scorecard', expect.stringContaining('Did you mean "desk-en"?')]],
      [],
      [],
      [],
      [],
    ]);
    expect(problems.map(({ code, message }) => [code, message.includes('Unknown')])).toEqual([
      ['scorecard-invalid', expect.any(Boolean)],
    ]);
  });

  it('reads sessions out of import files, and says which there are', async () => {
    const chat = (id: string, text: string) => ({
      id,
      channel: 'chat',
      language: 'en',
      turns: [{ speaker: 'agent', startMs: 0, endMs: 0, text, visibility: 'public' }],
    });
    const one = (name: string, id: string, expected: string) =>
      `  - { case: ${name}, session: { file: chats.json${id} }, expect: { greeting: ${expected} } }\n`;
    folder = await folderWith({
      'card.yaml': cardEn,
      'chats.json': JSON.stringify([chat('c1', 'Hello.'), chat('c2', 'Yes?')]),
      'a.fixture.yaml': `scorecard: desk-en\ncases:\n${one('first', ', id: c1', 'pass')}${one('second', ', id: c2', 'fail')}${one('none', '', 'pass')}${one('gone', ', id: c3', 'pass')}`,
    });
    const { files } = await runSuite([folder.at('a.fixture.yaml')], suiteOptions(folder.path));
    expect(files[0]!.cases.map(({ status, problem }) => [status, problem?.hint ?? null])).toEqual([
      ['passed', null],
      ['passed', null],
      ['could-not-run', 'Name one: id: c1, c2.'],
      ['could-not-run', 'It holds c1, c2.'],
    ]);
  });

  it('hears a recording once, however many cases refer to it', async () => {
    const one = (name: string) => `  - { case: ${name}, session: { file: call.wav }, expect: { greeting: pass } }\n`;
    folder = await folderWith({
      'card.yaml': cardEn,
      'a.fixture.yaml': `scorecard: desk-en\ncases:\n${one('first')}${one('second')}`,
    });
    await copyFile('fixtures/batches/demo/calls/call-07-dead-air.wav', folder.at('call.wav'));
    const options = suiteOptions(folder.path);
    let asked = 0;
    const choose = () => {
      asked++;
      return Promise.reject(new EarwitnessError('recogniser-missing', '', 'Nobody hears recordings here.'));
    };
    const { references } = options;
    const { files } = await runSuite([folder.at('a.fixture.yaml')], {
      ...options,
      references: { ...references, transcriber: { ...references.transcriber, choose, transcribe: choose } },
    });
    expect([asked, files[0]!.cases.map(({ status }) => status)]).toEqual([1, ['could-not-run', 'could-not-run']]);
  });

  it('judges by the facts that a case states, and by a mono recording as by one', async () => {
    const item = (id: string, rule: string) => `      - { id: ${id}, title: T, ${rule} }`;
    folder = await folderWith({
      'card.yaml': `id: facts\nversion: 1\nlanguage: en\nsections:\n  - id: s\n    title: S\n    items:\n${item('angry', 'forbid: { sentiment: { of: turn, below: -0.6, minTurns: 1 }, by: customer }')}\n${item('quiet', 'forbid: { silence: { min: 10s, holds: exclude } }')}\n${item('lets-finish', 'forbid: { interruption: { by: agent, minOverlap: 2s } }')}\n`,
      'a.fixture.yaml': `
scorecard: facts
cases:
  - { case: plain, session: &call { turns: [[customer, 0, 9, fine by me today], [agent, 5, 12, let me stop you right there please], [agent, 30, 31, Hello]] }, expect: { angry: pass, quiet: fail, lets-finish: fail } }
  - { case: stated, session: *call, facts: { sentiment: { 1: -0.9 }, holds: [[12, 30]] }, expect: { angry: fail, quiet: pass } }
  - { case: mono, session: { mono: true, turns: [[customer, 0, 9, fine by me today], [agent, 5, 12, let me stop you right there please]] }, expect: { lets-finish: unknown, provisional: true } }
  - { case: tail, session: { duration: 40s, turns: [[agent, 0, 1, Hello]] }, expect: { quiet: fail } }
  - { case: another channel, session: { language: zh, turns: [[agent, 您好]] }, expect: { applies: false } }
`,
    });
    const { files } = await runSuite([folder.at('a.fixture.yaml')], suiteOptions(folder.path));
    expect([files[0]!.problems, files[0]!.cases.map(({ name, status }) => [name, status])]).toEqual([
      [],
      ['plain', 'stated', 'mono', 'tail', 'another channel'].map((name) => [name, 'passed']),
    ]);
  });

  it.each([
    ['en', 'Does the agent explain why?', 'It is late because of the snow.', 'because of the snow'],
    ['zh', '客服是否说明了原因？', '因为大雪封路，包裹晚到。', '因为大雪封路'],
  ])(
    'takes stated answers for those of a language model, and holds them to the same (%s)',
    async (language, question, said, quote) => {
      const one = (name: string, opinions: string, expected: string) =>
        `  - { case: ${name}, session: { turns: [[agent, 0, 2, '${said}']] }, ${opinions}expect: { why: ${expected} } }\n`;
      const stated = (answer: string) => `facts: { opinions: { '${question}': ${answer} } }, `;
      folder = await folderWith({
        'card.yaml': `id: asks\nversion: 1\nlanguage: ${language}\nsections:\n  - id: s\n    title: S\n    items:\n      - { id: why, title: T, expect: { judge: { question: '${question}', choices: { yes: a reason is given, no: none is given }, holds: [yes] }, by: agent } }\n`,
        'a.fixture.yaml': `scorecard: asks\ncases:\n${[
          one('nobody asked', '', 'unknown'),
          one('yes', stated(`{ choice: yes, quote: ${quote} }`), `{ verdict: pass, evidence: { quote: ${quote} } }`),
          one('no', stated(`{ choice: no, quote: ${quote} }`), 'fail'),
          one('unsure', stated(`{ choice: yes, quote: ${quote}, confidence: 0.2 }`), 'unknown'),
          one('invented', stated('{ choice: yes, quote: never said this }'), 'unknown'),
          one('wrong', stated(`{ choice: yes, quote: ${quote} }`), 'fail'),
        ].join('')}`,
      });
      const { files } = await runSuite([folder.at('a.fixture.yaml')], suiteOptions(folder.path));
      expect([files[0]!.problems, files[0]!.cases.map(({ status }) => status)]).toEqual([
        [],
        ['passed', 'passed', 'passed', 'passed', 'passed', 'failed'],
      ]);
    },
  );

  it('runs what was asked for only', async () => {
    const many = (n: number) =>
      `scorecard: desk-en\ncases:\n${Array.from({ length: 20 }, (_, i) => `  - { case: case ${i} of ${n}, session: { turns: [[agent, 0, 1, Hello]] }, expect: { greeting: pass } }`).join('\n')}\n`;
    folder = await folderWith({
      'card.yaml': cardEn,
      ...Object.fromEntries([1, 2, 3, 4].map((n) => [`${n}.fixture.yaml`, many(n)])),
    });
    const files = await findFixtures([folder.path]);
    const only = async (...patterns: string[]) => {
      const suite = await runSuite(files, suiteOptions(folder.path, { only: patterns }));
      return suite.files.flatMap(({ cases }) => cases.map(({ name }) => name));
    };
    expect(await only('case 7 of 2', '1.fixture.yaml')).toHaveLength(21);
    expect(await only('greeting')).toHaveLength(80);
    expect(await only('case 1* of 3')).toHaveLength(11);
    expect(await only('polite')).toEqual([]);
  });

  it('knows what a changed file affects', async () => {
    folder = await folderWith({
      'card.yaml':
        cardEn.replace('phrase: [hello, good morning]', 'phrase: $greeting') +
        'lexicons: { greeting: { file: words.yaml } }\n',
      'words.yaml': '[hello]',
      'zh/card.yaml': cardZh,
      'a.fixture.yaml': late('desk-en', en, '{ greeting: pass }'),
      'zh/b.fixture.yaml': late('desk-zh', zh, '{ greeting: pass }'),
      'c.fixture.yaml': late('nowhere', en, '{ greeting: pass }'),
    });
    const files = await findFixtures([folder.path]);
    const suite = await runSuite(files, suiteOptions(folder.path));
    const affected = (name: string) =>
      affectedFixtures(suite, new Set([folder.at(name)])).map((path) => path.slice(folder.path.length + 1));
    expect([affected('words.yaml'), affected('zh/card.yaml'), affected('zh/b.fixture.yaml')]).toEqual([
      ['a.fixture.yaml', 'c.fixture.yaml'],
      ['c.fixture.yaml', 'zh/b.fixture.yaml'],
      ['c.fixture.yaml', 'zh/b.fixture.yaml'],
    ]);
    const again = await runSuite([files[0]!], suiteOptions(folder.path));
    expect(replaceFiles(suite, again, files).files.map(({ path }) => path)).toEqual(files);
  });
});
