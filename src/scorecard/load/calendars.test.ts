import { describe, expect, it } from 'vitest';
import { cardOf, loadText, problemsOf } from '../testing/card.ts';

const rule = (calendar: string) => cardOf(`expect: { response: { within: 2h, calendar: ${calendar} } }`);
const file = 'calendars/office.yaml';

describe('calendars of a scorecard', () => {
  it('stand in a file of their own, which counts into the hash', async () => {
    const load = (text: string) => loadText(rule(`{ file: ${file} }`), { [file]: text });
    const card = await load('zone: Europe/Berlin\nhours: 09:00-18:00\n');
    expect(card.sources.map(({ path }) => path.split('/').at(-1))).toEqual(['card.yaml', 'office.yaml']);
    const other = await load('zone: Europe/Berlin\nhours: 09:00-17:00\n');
    expect(other.ref.hash).not.toBe(card.ref.hash);
  });

  it('report every problem at its place, in the file or in the rule', async () => {
    const problems = await problemsOf(rule(`{ file: ${file} }`), {
      [file]: 'zone: Europe/Atlantis\nhours: 9 to 5\nweekend: none\n',
    });
    expect(problems.map(({ file: at, line, code }) => [at, line, code])).toEqual([
      ['office.yaml', 1, 'bad-value'],
      ['office.yaml', 2, 'wrong-type'],
      ['office.yaml', 3, 'unknown-key'],
      ['card.yaml', 11, 'calendar-invalid'],
    ]);
    expect((await problemsOf(rule('{ file: none.yaml }'))).map(({ code }) => code)).toContain('calendar-invalid');
    expect((await problemsOf(rule('{ zone: Moon }')))[0]).toMatchObject({ code: 'bad-value', line: 11 });
    expect((await problemsOf(rule('{ zone: UTC, hour: 09:00-18:00 }')))[0]).toMatchObject({
      code: 'unknown-key',
      hint: expect.stringContaining('"hours"') as string,
    });
    expect((await problemsOf(rule('{ file: office.yaml, zone: UTC }'), { 'office.yaml': 'zone: UTC' }))[0]!.code).toBe(
      'bad-value',
    );
    expect((await problemsOf(rule('{}')))[0]!.message).toBe('A calendar needs `zone`, or `file`.');
  });
});
