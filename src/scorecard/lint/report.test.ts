import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { githubReport } from './report/github.ts';
import { jsonReport, lintJsonSchema } from './report/json.ts';
import { sarifReport } from './report/sarif.ts';
import { textReport } from './report/text.ts';
import { lintFiles } from './testing/lint.ts';

const result = await lintFiles(
  {
    'card.yaml':
      'id: card\nversion: 1\nlanguage: en\npassMark: 0\nlexicons: { hi: [hello, Hello!] }\nsections:\n  - id: s\n    title: S\n    items:\n      - { id: a, title: A, expect: { phrase: $hi, by: agent } }\n',
    'bad.yaml': 'id: bad\nversion: 1\nlanguge: en\n',
  },
  {},
  ['card.yaml', 'bad.yaml'],
);

describe('reports of lint', () => {
  it('JSON keeps to its published schema', () => {
    const report: unknown = JSON.parse(jsonReport(result, '/cards'));
    const validate = new Ajv2020({ strict: false }).compile(lintJsonSchema());
    expect([validate(report), validate.errors]).toEqual([true, null]);
    expect(validate({ ...(report as object), findings: [{ code: 1 }] })).toBe(false);
    expect(report).toMatchObject({ counts: { warning: 2, info: 1 }, scorecards: [{ id: 'card', file: 'card.yaml' }] });
  });

  it('SARIF names rules with their pages, places, and fingerprints that outlive moved lines', () => {
    const runOf = (given: typeof result) =>
      (
        JSON.parse(sarifReport(given, '/cards', '0.1.0')) as {
          version: string;
          runs: {
            tool: { driver: { rules: { id: string; helpUri: string; defaultConfiguration: { level: string } }[] } };
            results: {
              ruleId: string;
              ruleIndex: number;
              level: string;
              message: { text: string };
              partialFingerprints: object;
              locations: unknown[];
            }[];
          }[];
        }
      ).runs[0]!;
    const { tool, results } = runOf(result);
    expect(results).toHaveLength(result.findings.length);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text.length * locations.length).toBeGreaterThan(0);
    }
    const duplicate = results.find(({ ruleId }) => ruleId === 'duplicate-phrase')!;
    expect(tool.driver.rules[duplicate.ruleIndex]).toMatchObject({
      helpUri: 'docs/reference/lint/duplicate-phrase.md',
      defaultConfiguration: { level: 'warning' },
    });
    expect(duplicate.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'card.yaml', uriBaseId: '%SRCROOT%' },
          region: { startLine: 5, startColumn: 25 },
        },
      },
    ]);
    const prints = ({
      results: some,
    }: typeof tool extends never ? never : { results: { partialFingerprints: object }[] }) =>
      some.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    const moved = { ...result, findings: result.findings.map((one) => ({ ...one, line: one.line + 7 })) };
    expect(prints(runOf(moved))).toEqual(prints({ results }));
    expect(new Set(prints({ results })).size).toBe(results.length);
  });

  it('annotations and text tell places, codes and what to do, in both languages', () => {
    expect(githubReport(result, '/cards', 'en')).toContain(
      '::warning file=card.yaml,line=5,col=25,title=duplicate-phrase::"Hello!" stands in this list already, as "hello".',
    );
    const text = (language: 'en' | 'zh') =>
      textReport(result, { language, colour: false, cwd: '/cards', least: 'warning' });
    expect(text('en')).toContain('  ◆ 5:25     "Hello!" stands in this list already, as "hello".  duplicate-phrase\n');
    expect(text('en')).toContain('1 below the level shown; --show info lists it.\n--fix takes 1 of them away.\n');
    expect(text('zh')).toContain('◆ 4:1      合格线为 0，任何人都不会不合格。  pass-mark');
    const clean = { cards: result.cards, findings: [] };
    expect(textReport(clean, { language: 'zh', colour: false, cwd: '/', least: 'info' })).toBe(
      '● 未发现问题 · 已检查 1 张评分卡\n',
    );
  });
});
