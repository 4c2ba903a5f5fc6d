import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequests } from '../testing/examples.ts';
import { apiRoutes, matrixTable, type MatrixRow, rowsOf } from '../testing/matrix.ts';
import { World } from '../testing/world.ts';
import { rights } from './rights.ts';

const page = new URL('../../../docs/reference/access.md', import.meta.url);
let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** The part of the page between two marks, which is written by this test and read by people. */
function section(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}: begin -->\n`, `\n<!-- ${name}: end -->`];
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(begin) + begin.length, before.indexOf(end)];
  if (process.env['EARWITNESS_UPDATE'] === '1') {
    writeFileSync(page, before.slice(0, from) + text + before.slice(to));
    return;
  }
  expect(
    text.split('\n'),
    `${name} is not what docs/reference/access.md says; where that is meant, run with EARWITNESS_UPDATE=1 and read the change`,
  ).toEqual(before.slice(from, to).split('\n'));
}

describe('who may do what', () => {
  it('is what the table of rights says', () => {
    const roles = ['admin', 'lead', 'supervisor', 'reviewer', 'agent'];
    const lines = Object.entries(rights).map(([right, to]) => [
      `\`${right}\``,
      ...roles.map((role) => ((to as readonly string[]).includes(role) ? 'yes' : '')),
    ]);
    const head = ['Right', ...roles];
    const widths = head.map((_name, at) => Math.max(...[head, ...lines].map((line) => line[at]!.length)));
    const row = (line: string[]) => `| ${line.map((text, at) => text.padEnd(widths[at]!)).join(' | ')} |`;
    section('rights', [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n'));
  });

  it('is what everybody gets on every route, on things of their own and of others', { timeout: 120_000 }, async () => {
    const routes = apiRoutes(world.test.app.statedRoutes);
    expect(routes.filter(({ operationId }) => !exampleRequests[operationId])).toEqual([]);
    const rows: MatrixRow[] = [];
    for (const route of routes) rows.push(...(await rowsOf(world, route)));
    section('matrix', matrixTable(rows));
    // Whatever the table says: without credentials that hold, nothing behind a right is answered.
    for (const { right, cells } of rows)
      if (right !== 'open')
        expect([cells.anonymous, cells['expired token'], cells['forged token'], cells['token without scope']]).toEqual([
          '401',
          '401',
          '401',
          '403',
        ]);
    // Nobody learns that there is what they may not see.
    for (const { about, cells, right } of rows)
      if (about !== '' && right !== 'open')
        for (const caller of ['supervisor', 'reviewer', 'agent'] as const)
          if (about === 'other team') expect(['403', '404', 'hidden']).toContain(cells[caller]);
    expect(rows.filter(({ cells }) => Object.values(cells).some((cell) => cell.startsWith('5')))).toEqual([]);
  });
});
