import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backtestSchema, rescoreSchema } from '../session/index.ts';
import { run } from './testing/run.ts';

const card = (limit: string, version: number) => `id: care
version: ${version}
language: en
lexicons: { thanks: { file: thanks.yaml } }
sections:
  - id: all
    title: All
    items:
      - { id: thanks, title: Thanks the customer, expect: { phrase: $thanks, by: agent } }
      - { id: quick, title: Answers quickly, autoFail: form, expect: { response: { which: first, within: ${limit} } } }
`;
const chat = (id: string, reply: number, thanks: string) => ({
  id,
  channel: 'chat',
  language: 'en',
  agentId: 'anna',
  startedAt: '2026-03-01T10:00:00Z',
  turns: [
    { speaker: 'customer', startMs: 0, endMs: 0, text: 'Where is my order, please?', visibility: 'public' },
    {
      speaker: 'agent',
      startMs: reply * 1000,
      endMs: reply * 1000,
      text: `It comes today. ${thanks}`,
      visibility: 'public',
    },
  ],
});

describe('stored results judged again', () => {
  let dir: string;
  let store: string;
  const at = (name: string) => join(dir, name);
  let inspected: Promise<void>;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'earwitness-replay-'));
    store = at('out');
    inspected = inspect();
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** Awaited by every test and not by a hook: it starts the program. */
  async function inspect(): Promise<void> {
    writeFileSync(at('care.yaml'), card('30s', 1));
    writeFileSync(at('thanks.yaml'), '- thank you\n- cheers\n');
    writeFileSync(at('s1.json'), JSON.stringify(chat('s1', 5, 'Thank you!')));
    writeFileSync(at('s2.json'), JSON.stringify(chat('s2', 20, 'Cheers!')));
    const inputs = [at('s1.json'), at('s2.json')];
    const ran = await run(['inspect', ...inputs, '--scorecard', at('care.yaml'), '--out', store, '--formats', 'json']);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    // What judged is kept: the files themselves may change or go.
    writeFileSync(at('care.yaml'), card('10s', 2));
    writeFileSync(at('thanks.yaml'), '- thank you\n');
  }

  /** A copy of the store with something done to it. */
  function damaged(name: string, statement: string): string {
    const copy = at(name);
    cpSync(store, copy, { recursive: true });
    const raw = new Database(join(copy, 'state.sqlite'));
    raw.exec(statement);
    raw.close();
    return copy;
  }
  const thanksFile = `sha256 = (SELECT json_extract(files, '$[1].sha256') FROM bundles WHERE kind = 'scorecard')`;

  it('come out identical from what the store holds alone', async () => {
    await inspected;
    const ran = await run(['rescore', 's1', '--store', store, '--json']);
    const outcome = rescoreSchema.parse(JSON.parse(ran.stdout));
    expect([ran.status, outcome.identical, outcome.replays[0]?.differing]).toEqual([0, 1, 0]);
    const [{ compared, pins }] = outcome.replays as [(typeof outcome.replays)[number]];
    expect(compared?.storedHash).toBe(compared?.replayedHash);
    expect(pins.map(({ part, state }) => `${part} ${state}`)).toEqual([
      'engine same',
      'transcript same',
      'scorecard same',
      'file same',
      'file same',
      'sentiment same',
    ]);
    const all = await run(['rescore', '--all', '--store', store]);
    expect([all.status, all.stdout]).toEqual([0, '2 identical, 0 differ, 0 cannot be judged again\n']);
  });

  it('name a file whose content was changed, and what it changes', async () => {
    await inspected;
    const copy = damaged('edited', `UPDATE artefacts SET bytes = CAST('- thank you' AS BLOB) WHERE ${thanksFile}`);
    const ran = await run(['rescore', 's2', '--store', copy]);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/■ file .*thanks\.yaml: changed since it was kept/);
    expect(ran.stdout).toContain('items.thanks.verdict: pass → fail');
    const zh = await run(['rescore', 's2', '--store', copy, '--ui-language', 'zh']);
    expect(zh.stdout).toMatch(/■ 文件 .*thanks\.yaml：内容已被改动/);
  });

  it('say which file is missing where nothing can be judged without it', async () => {
    await inspected;
    const copy = damaged('missing', `DELETE FROM artefacts WHERE ${thanksFile}`);
    const ran = await run(['rescore', 's1', '--store', copy]);
    expect(ran.status).toBe(2);
    expect(ran.stdout).toMatch(/no longer holds what the scorecard was made from: .*thanks\.yaml/);
    const back = await run(['backtest', at('care.yaml'), '--store', copy]);
    expect([back.status, back.stdout.includes('0 sessions judged')]).toEqual([2, true]);
  });

  it('show whom a changed card would hit, against the version that judged', async () => {
    await inspected;
    const html = at('page.html');
    const ran = await run([
      'backtest',
      at('care.yaml'),
      '--store',
      store,
      '--json',
      '--html',
      html,
      '--fail-on',
      'autofail',
    ]);
    const result = backtestSchema.parse(JSON.parse(ran.stdout));
    const flips = result.items.map(({ id, examples }) => [
      id,
      examples.map(({ session, before, after }) => `${session.id} ${before.verdict} ${after.verdict}`),
    ]);
    expect(flips).toEqual([
      ['thanks', ['s2 pass fail']],
      ['quick', ['s2 pass fail']],
    ]);
    expect([ran.status, result.newlyAutoFailed.total, result.against[0]?.card.version]).toEqual([1, 1, 1]);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('care v2 against care v1');
    expect(page).toContain('care v2 对比 care v1');
  });

  it('show the same from the inputs and from the report, against a card from the disk', async () => {
    await inspected;
    const copy = at('before.yaml');
    writeFileSync(copy, card('30s', 1));
    const args = ['backtest', at('care.yaml'), '--against', copy, '--json'];
    const stored = await run([...args, '--store', store]);
    const paths = await run([...args, at('s1.json'), at('s2.json')]);
    const report = await run([...args, join(store, 'report.json')]);
    expect([stored.status, paths.status, report.status]).toEqual([0, 0, 0]);
    expect(paths.stdout).toBe(stored.stdout);
    expect(report.stdout).toBe(stored.stdout);
    const [{ flips }] = (JSON.parse(stored.stdout) as { items: { flips: object }[] }).items as [{ flips: object }];
    expect(flips).toMatchObject({ passToFail: 0 });
  });

  it('say what to do where something was forgotten', async () => {
    await inspected;
    const ran = await Promise.all([
      run(['rescore']),
      run(['rescore', 'nobody', '--store', store]),
      run(['rescore', '--all', '--store', at('nowhere')]),
      run(['backtest', at('care.yaml'), at('s1.json')]),
    ]);
    expect(ran.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
    expect(ran.map(({ stderr }) => stderr.split('\n')[0]!.replace(/^.*earwitness: /, ''))).toEqual([
      'Say which session to judge again.',
      expect.stringContaining('No result of a session "nobody" is kept here.'),
      expect.stringContaining('No results are kept here.'),
      'Sessions that are not stored name no scorecard to compare with.',
    ]);
  });
});
