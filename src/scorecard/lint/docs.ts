import type { Check } from './check.ts';

const notice = '<!-- Written by `npm run schemas` from the check itself. Do not edit. -->';

/** Reference page of one check; its examples are tests. */
export function checkPage({ code, severity, title, about, example }: Check): string {
  return [
    `# ${code}`,
    notice,
    `**${severity}** · ${capital(title.en)}. ${title.zh}。`,
    about,
    ...(example.published ? ['With this in `published.json`:', fence('json', example.published)] : []),
    '## Found in',
    fence('yaml', shown(example.failing)),
    '## Not found in',
    fence('yaml', shown(example.passing)),
    '[All codes](README.md)',
    '',
  ].join('\n\n');
}

/** The table of all codes. */
export function checkIndex(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ code, severity, title }) => `| [\`${code}\`](${code}.md) | ${severity} | ${title.en} | ${title.zh} |`,
  );
  return [
    '# earwitness lint',
    notice,
    '    earwitness lint [paths...]        # scorecards, folders, globs; default: here',
    'Reads scorecards with everything that they rest on and tells, all at once, what is wrong and what is doubtful, as `file:line:column`. Fixtures (`*.fixture.yaml`) among the paths are read too, not run.',
    [
      '| Option | Meaning (default) |',
      '|---|---|',
      '| `--fail-on error\\|warning\\|info` | from which severity on the exit status is 1 (`warning`) |',
      '| `--show error\\|warning\\|info` | what the text lists; the rest is counted (what `--fail-on` says) |',
      '| `--fix` | take out what can go without changing a verdict, after showing the difference: doubles in lists of phrases, lexicons that nothing refers to. Comments and layout stay |',
      '| `--dry-run` | with `--fix`: show the difference, write nothing |',
      '| `--format text\\|json\\|sarif\\|github` | `json` after [lint.schema.json](../lint.schema.json), SARIF 2.1.0 for code scanning, annotations of GitHub workflows |',
      '| `--ui-language en\\|zh` | language of text and annotations |',
    ].join('\n'),
    '**Exit status** 0: nothing at or above `--fail-on`; 1: findings; 2: it could not run (no scorecard, a path that leads nowhere). A scorecard that cannot be read is a finding of severity error.',
    '## Codes',
    ['| Code | Severity | What it finds | 说明 |', '|---|---|---|---|', ...rows].join('\n'),
    'Every example on these pages is a test. Problems that keep a scorecard from being read (unknown keys, with the key that was probably meant; ranges that end before they start; names that are not there) have codes of their own and are errors; fixtures’ are told as `fixture/…`. See [the scorecard language](../scorecard-language.md).',
    '`--fix` changes the content and with it the content hash: raise `version` where the scorecard is [published](../publish.md).',
    '',
  ].join('\n\n');
}

function shown(example: string): string {
  const [top, items] = example.includes('\n---\n') ? (example.split('\n---\n') as [string, string]) : [null, example];
  return [top, 'items:', items.replace(/^/gm, '  ')].filter((part) => part !== null).join('\n');
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
