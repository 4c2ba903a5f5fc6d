import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Session, sessionSchema } from '../src/session/index.ts';
import { agrees, labelFileSchema, loadLabels } from './labels.ts';

async function sessionsIn(folder: string): Promise<Session[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => {
      const { session } = JSON.parse(await readFile(join(folder, name), 'utf8')) as { session: unknown };
      const parsed = sessionSchema.parse(session);
      expect(`${parsed.id}.json`).toBe(name);
      return parsed;
    }),
  );
}

const labels = await loadLabels('fixtures/labels/demo');
const sessions = [...(await sessionsIn('fixtures/truth/demo')), ...(await sessionsIn('fixtures/truth/demo-text'))];

describe('labels of the demo batch', () => {
  test('every session has a label file, and every label file a session', () => {
    expect([...labels.keys()].sort()).toEqual(sessions.map(({ id }) => id).sort());
  });

  test('the batch has the promised size and mixture', () => {
    const counted = sessions.map(({ channel, language }) => `${channel} ${language.slice(0, 2)}`).sort();
    const counts = Object.fromEntries(
      [...new Set(counted)].map((kind) => [kind, counted.filter((one) => one === kind).length]),
    );
    expect(counts).toEqual({ 'call en': 11, 'call zh': 6, 'chat en': 8, 'chat zh': 4, 'ticket en': 5, 'ticket zh': 3 });
  });

  test.each(sessions.map((session) => [session.id, session] as const))(
    '%s: channel and evidence are those of the session',
    (id, session) => {
      const file = labels.get(id)!;
      const astray = Object.entries(file.items).filter(
        ([, { turn, quote }]) => turn !== undefined && !session.turns[turn - 1]?.text.includes(quote ?? ''),
      );
      expect({ channel: file.channel, astray }).toEqual({ channel: session.channel, astray: [] });
    },
  );

  test('every item is seen to pass and to fail somewhere, so that no rule goes unmeasured', () => {
    const seen = new Map<string, Set<string>>();
    for (const { items } of labels.values())
      for (const [item, { verdict }] of Object.entries(items))
        seen.set(item, (seen.get(item) ?? new Set()).add(verdict));
    const oneSided = [...seen]
      .filter(([, verdicts]) => !verdicts.has('pass') || !verdicts.has('fail'))
      .map(([item]) => item);
    expect(oneSided).toEqual([]);
  });
});

describe('label files', () => {
  const items = Object.fromEntries(Object.keys(labels.get('ticket-01-perfect')!.items).map((item) => [item, 'pass']));
  const base = { session: 's', channel: 'ticket', items, risk: { atMost: 'low' } };
  const problems = (file: unknown) => labelFileSchema.safeParse(file).error?.issues.map(({ message }) => message) ?? [];

  test('accept the shorthand and refuse gaps, strangers and silent fails', () => {
    expect(problems(base)).toEqual([]);
    expect(problems({ ...base, items: { ...items, greeting: 'pass' } })).toEqual(['no item of a ticket']);
    expect(problems({ ...base, items: Object.fromEntries(Object.entries(items).slice(1)) })).toEqual([
      'request-acknowledged has no label',
    ]);
    expect(problems({ ...base, items: { ...items, 'calm-tone': { verdict: 'fail' } } })).not.toEqual([]);
    expect(problems({ ...base, risk: {} })).toEqual(['give atLeast, atMost or both']);
  });

  test('count debatable verdicts as agreement, others not', () => {
    const mono = labels.get('call-11-mono-exchange')!;
    expect([
      agrees(mono, 'greeting', 'pass'),
      agrees(mono, 'greeting', 'unknown'),
      agrees(mono, 'greeting', 'fail'),
    ]).toEqual([true, true, false]);
    expect(agrees(mono, 'first-reply-30s', 'pass')).toBe(false);
    expect(agrees(labels.get('call-03-wrong-refund')!, 'no-wrong-answer', 'pass')).toBe(false);
  });
});
