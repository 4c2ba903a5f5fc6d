import { describe, expect, it } from 'vitest';
import { runCases } from '../run/run.ts';
import { mutationMarkdown } from './report/markdown.ts';
import { mutationReport, mutationReportSchema } from './report/model.ts';
import { mutationTree } from './report/tree.ts';
import type { MutantOutcome, MutationResult } from './run.ts';
import { casesOf, loadCard, mutate } from './testing/cards.ts';

const identity = `id: test
version: 1
language: en
channels: [call, chat]
sections:
  - id: s
    title: S
    items:
      - id: identity
        title: Identity
        expect: { phrase: [full name, date of birth], by: agent, time: first 10s }
`;
const files = { 'card.yaml': identity };

const call = (name: string, turns: string, verdict: string) =>
  `  - case: ${name}\n    session: { turns: [${turns}] }\n    expect: { identity: ${verdict} }\n`;
const strong =
  'scorecard: test\ncases:\n' +
  call('at 9 s', '[agent, 0, 2, Hello.], [agent, 9, 11, Your full name please.]', 'pass') +
  call('birth', '[agent, 0, 2, Hello.], [agent, 3, 5, Your date of birth please.]', 'pass') +
  call('at 11 s', '[agent, 0, 2, Hello.], [agent, 11, 13, Your full name please.]', 'fail') +
  call('the customer says it', '[agent, 0, 2, Hello.], [customer, 3, 5, My full name is Ann.]', 'fail');
const weak =
  'scorecard: test\ncases:\n' +
  call('early', '[agent, 0, 2, Hello.], [agent, 3, 5, Your full name please.]', 'pass') +
  call('never', '[agent, 0, 2, Hello.]', 'fail');

const survivorsOf = ({ outcomes }: MutationResult) =>
  outcomes.filter((one): one is Extract<MutantOutcome, { status: 'survived' }> => one.status === 'survived');

describe('fixtures that state every limit', () => {
  it('notice every mutant', async () => {
    const result = await mutate(files, strong);
    expect(result.outcomes.map(({ mutant, status }) => [mutant.change, status])).toEqual([
      ['expect → forbid', 'killed'],
      ['by: agent → customer', 'killed'],
      ['drop by', 'killed'],
      ['time: first 10s → first 8s', 'killed'],
      ['time: first 10s → first 12s', 'killed'],
      ['drop time', 'killed'],
      ['drop "full name"', 'killed'],
      ['drop "date of birth"', 'killed'],
    ]);
    expect(result.failing).toEqual([]);
  });

  it('name the case and the expectation that objected', async () => {
    const { outcomes } = await mutate(files, strong);
    const wide = outcomes.find(({ mutant }) => mutant.change === 'time: first 10s → first 12s');
    expect(wide).toMatchObject({
      by: { case: { name: 'at 11 s' }, assertion: { kind: 'verdict', item: 'identity', actual: { en: 'pass' } } },
    });
  });
});

describe('fixtures that leave something open', () => {
  it('let just that through, each with a fixture that was seen to notice it', async () => {
    const result = await mutate(files, weak);
    const survivors = survivorsOf(result);
    expect(survivors.map(({ mutant }) => mutant.change)).toEqual([
      'drop by',
      'time: first 10s → first 8s',
      'time: first 10s → first 12s',
      'drop time',
      'drop "date of birth"',
    ]);
    const card = await loadCard(files);
    for (const { mutant, sketch } of survivors) {
      expect(sketch, mutant.change).not.toBeNull();
      const [onOriginal] = runCases(card, casesOf(sketch!.yaml));
      const text = identity.slice(0, mutant.edit.start) + mutant.edit.text + identity.slice(mutant.edit.end);
      const [onMutant] = runCases(await loadCard({ 'card.yaml': text }), casesOf(sketch!.yaml));
      expect([mutant.change, onOriginal!.status, onMutant!.status]).toEqual([mutant.change, 'passed', 'failed']);
      expect(onMutant!.verdicts).toEqual({ identity: sketch!.mutant });
    }
    // Together with the sketches the fixtures let nothing through.
    const cases = survivors.map(({ sketch }) => sketch!.yaml).join('---\n');
    expect(survivorsOf(await mutate(files, `${weak}---\n${cases}`))).toEqual([]);
  });

  it('the sketch of a wider limit is a call in which the question comes between the two', async () => {
    const survivors = survivorsOf(await mutate(files, weak));
    const wide = survivors.find(({ mutant }) => mutant.change === 'time: first 10s → first 12s')!;
    expect(wide.sketch!.yaml).toBe(`scorecard: test
case: "identity: time: first 10s → first 12s"
session:
  turns:
    - [agent, 0, 2, Hello.]
    - [agent, 11, 13, Your full name please.]
expect:
  identity: fail # the mutant says pass
`);
  });

  it('say so where nobody states anything of an item', async () => {
    const two = identity.replace(
      '      - id: identity',
      '      - { id: other, title: O, expect: { phrase: [one, two] } }\n      - id: identity',
    );
    const result = await mutate({ 'card.yaml': two }, strong, { only: ['other'] });
    expect(survivorsOf(result).map(({ mutant, watched }) => [mutant.change, watched])).toEqual([
      ['expect → forbid', false],
      ['drop "one"', false],
      ['drop "two"', false],
    ]);
  });

  it('name a case whose session tells them apart already', async () => {
    const unstated =
      weak +
      '  - case: at 11 s\n    session: { turns: [[agent, 0, 2, Hello.], [agent, 11, 13, Your full name please.]] }\n    expect: { applies: true }\n';
    const wide = survivorsOf(await mutate(files, unstated)).find(({ mutant }) => mutant.change.endsWith('12s'))!;
    expect(wide.sketch).toMatchObject({
      item: 'identity',
      original: 'fail',
      mutant: 'pass',
      existing: { name: 'at 11 s' },
    });
  });
});

describe('logic, anchors, channels and Chinese', () => {
  const zh = {
    'card.yaml': `id: test
version: 1
language: zh
sections:
  - id: s
    title: S
    items:
      - id: comfort
        title: 安抚
        channels: [chat]
        when: { phrase: [坏了, 投诉], by: customer }
        expect: { all: [{ phrase: $sorry }, { phrase: [退款] }], by: agent, after: when, within: 2 turns }
lexicons:
  sorry: { file: sorry.yaml }
`,
    'sorry.yaml': '- 非常抱歉\n- 给您添麻烦了\n',
  };
  const fixture = `scorecard: test
cases:
  - case: 安抚
    session: { channel: chat, turns: [[customer, 0, 收到就坏了。], [agent, 5, 非常抱歉，马上退款。]] }
    expect: { comfort: pass }
  - case: 没有安抚
    session: { channel: chat, turns: [[customer, 0, 收到就坏了。], [agent, 5, 好的。]] }
    expect: { comfort: fail }
`;

  it('find a telling session for every survivor', async () => {
    const result = await mutate(zh, fixture);
    const open = survivorsOf(result).filter(({ sketch }) => sketch === null);
    expect(survivorsOf(result).map(({ mutant }) => mutant.change)).toEqual(
      expect.arrayContaining(['all → any', 'drop "投诉"', 'drop channels', 'after → around', 'drop "给您添麻烦了"']),
    );
    expect(open.map(({ mutant }) => mutant.change)).toEqual([]);
  });
});

describe('what is stated of the whole session', () => {
  const weighted = `id: test
version: 1
language: en
sections:
  - id: s
    title: S
    items:
      - { id: a, title: A, weight: 3, expect: { phrase: [one] } }
      - { id: b, title: B, expect: { phrase: [two] } }
`;
  const stated = (expected: string) =>
    `scorecard: test\ncase: half\nsession: { turns: [[agent, one]] }\nexpect: ${expected}\n`;
  const scoring = async (expected: string) =>
    (await mutate({ 'card.yaml': weighted }, stated(expected), { kinds: ['scoring'], sketches: 0 })).outcomes.map(
      ({ mutant, status }) => [mutant.change, status],
    );

  it('notices what an item is worth, which verdicts alone do not', async () => {
    expect(await scoring('{ a: pass, b: fail, score: 75 }')).toEqual([
      ['weight: 3 → 2', 'killed'],
      ['weight: 3 → 4', 'killed'],
    ]);
    expect(await scoring('{ a: pass, b: fail }')).toEqual([
      ['weight: 3 → 2', 'survived'],
      ['weight: 3 → 4', 'survived'],
    ]);
  });

  it('leaves cases out that fail already, and names them', async () => {
    const { failing, outcomes } = await mutate({ 'card.yaml': weighted }, stated('{ a: fail }'), { sketches: 0 });
    expect(failing.map(({ case: one }) => one.name)).toEqual(['half']);
    expect(outcomes.every(({ status }) => status !== 'killed')).toBe(true);
  });

  it('draws as many mutants as asked for, the same each time', async () => {
    const drawn = async (seed: number) =>
      (await mutate(files, strong, { maxMutants: 3, seed })).outcomes.map(({ mutant }) => mutant.id);
    expect(await drawn(7)).toHaveLength(3);
    expect(await drawn(7)).toEqual(await drawn(7));
  });
});

describe('reports', () => {
  const reported = async () =>
    mutationReport([await mutate(files, weak)], { seed: 1, kinds: ['words', 'scope', 'logic'], cwd: '/cards' });

  it('hold to their schema and count what was noticed', async () => {
    const report = await reported();
    expect(mutationReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      killed: 3,
      survived: 5,
      invalid: 0,
      killRate: 37.5,
      scorecards: [
        {
          id: 'test',
          path: 'card.yaml',
          cases: 2,
          kinds: [
            { kind: 'words', killed: 1, survived: 1, killRate: 50 },
            { kind: 'scope', killed: 1, survived: 4, killRate: 20 },
            { kind: 'logic', killed: 1, survived: 0, killRate: 100 },
          ],
          items: [{ id: 'identity', killed: 3, survived: 5 }],
        },
      ],
    });
  });

  it('show a survivor with its place, its diff and the fixture that it lacks, in both languages', async () => {
    const report = await reported();
    const en = mutationTree(report, { language: 'en', colour: false });
    expect(en).toContain('test v1  3 of 8 mutants noticed (37.5 %)');
    expect(en).toContain('■ card.yaml:11:39  words');
    expect(en).toContain('    - expect: { phrase: [full name, date of birth], by: agent, time: first 10s }');
    expect(en).toContain('    + expect: { phrase: [full name], by: agent, time: first 10s }');
    expect(en).toContain('    This fixture would notice it (run on both):\n      scorecard: test');
    expect(mutationTree(report, { language: 'zh', colour: false })).toContain('8 个变异体中有 3 个被发现（37.5 %）');
    const markdown = mutationMarkdown(report, 'en');
    expect(markdown).toContain('| `identity` | 3 | 5 | 37.5 % |');
    expect(markdown).toContain(
      '```diff\n-        expect: { phrase: [full name, date of birth], by: agent, time: first 10s }\n',
    );
    expect(mutationMarkdown(report, 'zh')).toContain('#### 未被发现的变异体');
  });
});
