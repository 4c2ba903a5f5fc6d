import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import type { LintResult } from '../lint.ts';
import { checks } from '../registry.ts';
import { shownPath } from './shown.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * SARIF 2.1.0, as code scanning services read it. A finding's fingerprint is made of its code, file and words, so that it
 * stays the same when lines above it come or go.
 */
export function sarifReport({ findings }: LintResult, cwd: string, version: string): string {
  const known = new Map(checks.map((check) => [check.code, check]));
  const codes = [...new Set([...known.keys(), ...findings.map(({ code }) => code)])].sort();
  const seen = new Map<string, number>();
  const results = findings.map(({ code, severity, file, line, column, message, hint }) => {
    const path = shownPath(file, cwd);
    const text = [message.en, hint?.en ?? ''].join(' ').trim();
    const words = `${code}\n${path}\n${message.en}`;
    const nth = seen.get(words) ?? 0;
    seen.set(words, nth + 1);
    return {
      ruleId: code,
      ruleIndex: codes.indexOf(code),
      level: levels[severity],
      message: { text },
      locations: [
        {
          physicalLocation: {
            artifactLocation: isAbsolute(path)
              ? { uri: pathToFileURL(path).href }
              : { uri: encodeURI(path), uriBaseId: '%SRCROOT%' },
            region: { startLine: line, startColumn: column },
          },
        },
      ],
      partialFingerprints: {
        'earwitness/v1': createHash('sha256').update(`${words}\n${nth}`).digest('hex').slice(0, 32),
      },
    };
  });
  const rules = codes.map((id) => {
    const check = known.get(id);
    return {
      id,
      shortDescription: { text: check?.title.en ?? `the file cannot be used: ${id}` },
      helpUri: `docs/reference/lint/${check ? id : 'README'}.md`,
      defaultConfiguration: { level: levels[check?.severity ?? 'error'] },
    };
  });
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'earwitness', version, rules } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
