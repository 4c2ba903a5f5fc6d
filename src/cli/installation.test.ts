import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sessionResultSchema } from '../session/index.ts';
import { age, findBytes, type Opened, openIn, upload } from '../store/testing/installation.ts';
import { auditCommand } from './commands/audit.ts';
import { backupCommand } from './commands/backup.ts';
import { eraseCommand } from './commands/erase.ts';
import { exportCommand } from './commands/export.ts';
import { holdCommand } from './commands/hold.ts';
import { restoreCommand } from './commands/restore.ts';
import { retentionCommand } from './commands/retention.ts';
import { verifyCommand } from './commands/verify.ts';
import { run } from './testing/run.ts';

const environment = {
  DATABASE_URL: '',
  S3_BUCKET: '',
  EARWITNESS_DATA_DIR: '',
  EARWITNESS_SECRET: 'secret-of-this-installation-0123456789',
};
const cli = (...args: string[]) => run(args, { env: environment });

describe('commands about an installation', () => {
  let data: string;
  let base: string;
  let keys: string[];
  let fileSha256: string;
  /** The installation, open for as long as the work lasts, as beside a server. */
  const within = async <T>(work: (installation: Opened) => Promise<T>): Promise<T> => {
    const installation = await openIn(data);
    try {
      return await work(installation);
    } finally {
      await installation.close();
    }
  };
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'earwitness-commands-'));
    data = join(base, 'data');
    await within(async (installation) => {
      ({ keys, fileSha256 } = await upload(installation, randomBytes(2000), [
        { customer: 'ann@example.com', words: 'write to ann@example.com', sound: randomBytes(3000) },
        { customer: 'bob', words: 'hello', sound: null },
      ]));
      await installation.store.audit.append({ actor: 'system', action: 'test', target: 'x', detail: {} });
      await age(installation);
    });
  });
  afterAll(() => rm(base, { recursive: true }));

  const backupFolder = () => join(base, 'backup');
  const restoredFolder = () => join(base, 'restored');

  it('backup copies once, and then only what is new', async () => {
    const first = await cli('backup', backupFolder(), '--data', data);
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(/● Backup of .*: database [\d.]+ kB, 2 objects 5.0 kB \(2 copied, 0 there already/);
    const again = await cli('backup', backupFolder(), '--data', data, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ copied: 0, kept: 2, damaged: [], format: 'earwitness/backup/1' });
  });

  it('restore brings it back, once', async () => {
    const restored = await cli('restore', backupFolder(), '--data', restoredFolder());
    expect([restored.status, restored.stderr]).toEqual([0, '']);
    const refused = await cli('restore', backupFolder(), '--data', restoredFolder());
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/There is a database already\. A backup is only restored where nothing is yet\./);
  });

  it('verify answers 0 where all is whole, and 1 with the name of what is not', async () => {
    const verified = await cli('verify', '--data', restoredFolder());
    expect(verified.status).toBe(0);
    expect(verified.stdout).toMatch(
      /● All whole: 2 objects .* 2 recorded sessions, 1 audit entry\.\n {2}Its head is 1:[0-9a-f]{64}/,
    );
    await rm(join(restoredFolder(), 'archive', 'objects', fileSha256.slice(0, 2), fileSha256));
    const json = await cli('verify', '--data', restoredFolder(), '--json');
    expect([json.status, JSON.parse(json.stdout)]).toMatchObject([
      1,
      { findings: [{ kind: 'object-missing', target: `file:${keys[0]!.slice(0, -7)}` }] },
    ]);
  });

  it('verify and restore name what is wrong with a backup', async () => {
    const file = await open(join(backupFolder(), 'objects', fileSha256.slice(0, 2), fileSha256), 'r+');
    await file.write(Buffer.from([0, 0, 0, 0]), 0, 4, 100);
    await file.close();
    const broken = await cli('verify', '--backup', backupFolder());
    expect([broken.status, broken.stdout.includes(fileSha256)]).toEqual([1, true]);
    const not = await cli('restore', backupFolder(), '--data', join(base, 'nowhere'));
    expect([not.status, not.stderr]).toEqual([2, expect.stringContaining('Nothing was restored')]);
  });

  it('audit verify follows the log, here and in a file, and notices that it was cut', async () => {
    const out = join(base, 'audit.ndjson');
    const ran = await cli('audit', 'verify', '--data', data);
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining('● The audit log is whole')]);
    expect((await cli('audit', 'export', '--data', data, '--out', out)).status).toBe(0);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const known = await cli('audit', 'verify', '--file', out, '--expect', `99:${'a'.repeat(64)}`);
    expect([known.status, known.stdout]).toEqual([1, expect.stringContaining('broken at entry')]);
  });

  it('export masks personal data unless asked not to, and then says so in the audit log', async () => {
    const lines = await cli('export', '--data', data, '--format', 'ndjson', '--out', '-');
    expect([lines.status, lines.stderr]).toEqual([0, '2 sessions, personal data masked.\n']);
    const [first] = lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => sessionResultSchema.parse(JSON.parse(line)));
    expect(first!.turns[1]!.text).toMatch(/^write to \*+/);
    expect(lines.stdout).not.toContain('ann@example.com');

    const out = join(base, 'vcons');
    const raw = ['--format', 'vcon', '--out', out, '--raw', '--recordings', '--customer', 'ann@example.com'];
    const vcons = await cli('export', '--data', data, ...raw);
    expect([vcons.status, vcons.stderr]).toEqual([0, '1 vCon, 1 with sound.\n']);
    expect(await readdir(out)).toEqual([`${keys[0]!}.vcon`]);
    expect(await readFile(join(out, `${keys[0]!}.vcon`), 'utf8')).toContain('ann@example.com');
    const told = await within(({ store }) => store.audit.list({ limit: 9, action: 'export.raw' }));
    expect(told.items).toMatchObject([{ detail: { format: 'vcon', recordings: true, oneCustomer: true } }]);
    expect(JSON.stringify(told)).not.toContain('ann@');
  });

  it('hold stops erasure until it is lifted', async () => {
    const on = await cli('hold', 'on', '--session', keys[1]!, '--data', data);
    expect([on.status, on.stdout]).toEqual([0, '● 1 session put under legal hold.\n']);
    const refused = await cli('erase', '--customer', 'bob', '--yes', '--data', data);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/1 of the customer's sessions are under legal hold: .*Nothing was erased/);
    expect(refused.stderr).toContain(keys[1]!);
    const off = await cli('hold', 'off', '--customer', 'bob', '--data', data);
    expect([off.status, off.stdout]).toEqual([0, '● 1 session released from legal hold.\n']);
  });

  it('erase shows first, then leaves nothing', async () => {
    const trace = [Buffer.from('ann@example.com')];
    expect(await findBytes(data, trace)).toEqual(trace);
    const shown = await cli('erase', '--customer', 'ann@example.com', '--data', data);
    expect([shown.status, shown.stdout]).toEqual([0, '○ 1 session of this customer. Nothing was erased: add --yes.\n']);
    const erased = await cli('erase', '--customer', 'ann@example.com', '--yes', '--data', data);
    expect([erased.status, erased.stderr]).toEqual([0, '']);
    expect(erased.stdout).toMatch(/● Erased: 1 session, 1 uploaded file, 2 objects of the archive/);
    expect(await findBytes(data, trace)).toEqual([]);
  });

  it('retention forgets what is older than it is kept', async () => {
    const tried = await cli('retention', '--results', '1', '--dry-run', '--data', data);
    expect([tried.status, tried.stdout]).toEqual([
      0,
      '● Would be forgotten: 0 recordings, 0 transcripts, 1 result. Nothing was touched.\n',
    ]);
    const ran = await cli('retention', '--results', '1', '--data', data);
    expect([ran.status, ran.stdout]).toEqual([
      0,
      '● Forgotten: 0 recordings, 0 transcripts, 1 result, 0 uploaded files; 0 objects removed from the archive.\n',
    ]);
  });
});

/** Within this process: nothing is opened, so nothing has to be kept apart. */
describe('bad input to commands about an installation', () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const commands = [
    auditCommand,
    backupCommand,
    eraseCommand,
    exportCommand,
    holdCommand,
    restoreCommand,
    retentionCommand,
    verifyCommand,
  ];
  const parse = async (args: string[]) => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    for (const make of commands) program.addCommand(make(() => undefined));
    for (const each of program.commands)
      for (const one of [each, ...each.commands]) one.exitOverride().configureOutput({ writeErr: () => undefined });
    await program.parseAsync(args, { from: 'user' });
  };

  it.each([
    [['export', '--format', 'xml', '--out', 'x'], /Allowed choices are ndjson, vcon/],
    [['export', '--format', 'ndjson', '--out', 'x', '--recordings'], /Lines of JSON carry no sound/],
    [['export', '--format', 'vcon', '--out', 'x', '--recordings'], /exported with --raw alone/],
    [['export', '--format', 'vcon', '--out', '-'], /files of their own/],
    [['export', '--format', 'ndjson', '--out', 'x', '--from', 'yesterday'], /Give a day such as/],
    [['retention', '--recordings', '0'], /whole number of days/],
    [['hold', 'on'], /by --session or by --customer/],
    [['hold', 'on', '--session', 'a', '--customer', 'b'], /by --session or by --customer/],
    [['erase'], /required option '--customer <id>'/],
    [['audit', 'verify', '--expect', 'nonsense'], /Give it as it was printed/],
    [['audit', 'verify', '--file', '/nowhere/audit.ndjson'], /There is no such file/],
    [['verify', '--backup', '/nowhere/backup'], /no backup was finished in this folder/],
  ])('%j says what is wrong', async (args, message) => {
    await expect(parse(args)).rejects.toThrow(message);
  });

  it.each([
    [['backup', 'x']],
    [['verify']],
    [['erase', '--customer', 'x']],
    [['retention']],
    [['hold', 'list']],
    [['export', '--format', 'ndjson', '--out', '-']],
    [['audit', 'verify']],
  ])('%j makes no installation where there is none', async (args) => {
    const folder = join(tmpdir(), `earwitness-typo-${process.pid}`);
    await expect(parse([...args, '--data', folder])).rejects.toThrow('There is no installation here.');
    expect(existsSync(folder)).toBe(false);
  });
});
