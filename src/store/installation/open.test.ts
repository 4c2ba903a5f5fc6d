import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { getTableConfig as postgresConfig } from 'drizzle-orm/pg-core';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunStore, openStore, restoreStore, type Store, verifyAudit } from '../index.ts';
import { tables } from './schema.ts';
import { account, all, batch, finished, waiting } from './testing/build.ts';
import { backends, type Place } from './testing/places.ts';

const [sqlite, postgres] = await backends();
const onPostgres = { skip: postgres!.missing !== null };

let dir: string;
let path: string;
const places: Place[] = [];
const stores: Store[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-open-'));
  path = join(dir, 'deep', 'earwitness.sqlite');
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const place of places.splice(0)) await place.remove();
  rmSync(dir, { recursive: true, force: true });
});

async function open(url: string): Promise<Store> {
  const store = await openStore(url);
  stores.push(store);
  return store;
}
async function place(backend: typeof sqlite): Promise<Place> {
  const made = await backend!.make();
  places.push(made);
  return made;
}
async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('a store in SQLite', () => {
  it('is readable by its owner alone, side files and backups included', async () => {
    const store = await open(`sqlite:${path}`);
    await batch(store);
    await store.upkeep.backup(join(dir, 'b.sqlite'));
    const files = [...readdirSync(join(dir, 'deep')).map((name) => join(dir, 'deep', name)), join(dir, 'b.sqlite')];
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600]);
  });

  it('has the tables, columns and indexes of the schema, and commits to the disk', async () => {
    await (await openStore(`sqlite:${path}`)).close();
    const file = new Sqlite(path, { readonly: true });
    const made = file.prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    const described = Object.values(tables.sqlite).map((table) => getTableConfig(table));
    expect(made.map(({ name }) => name).sort()).toEqual(described.map(({ name }) => name).sort());
    for (const { name, columns, indexes, primaryKeys, foreignKeys } of described) {
      const rows = file.pragma(`table_info(${name})`) as { name: string; type: string; notnull: number; pk: number }[];
      const inKey = new Set(primaryKeys.flatMap(({ columns }) => columns.map((column) => column.name)));
      expect(rows.map(({ name, type, notnull, pk }) => [name, type.toLowerCase(), notnull === 1 || pk > 0])).toEqual(
        columns.map((column) => [column.name, column.getSQLType(), column.notNull]),
      );
      const keys = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      const single = columns.filter(({ primary }) => primary).map((column) => column.name);
      expect(keys.map(({ name }) => name)).toEqual(
        inKey.size > 0 ? primaryKeys[0]!.columns.map(({ name }) => name) : single,
      );
      const list = file.pragma(`index_list(${name})`) as {
        name: string;
        unique: number;
        partial: number;
        origin: string;
      }[];
      const there = list
        .filter(({ origin }) => origin === 'c')
        .map(({ name, unique, partial }) => {
          const parts = file.pragma(`index_info(${name})`) as { name: string }[];
          return [name, unique === 1, partial === 1, parts.map(({ name }) => name).join()];
        });
      expect(there.sort()).toEqual(
        indexes
          .map(({ config }) => [
            config.name,
            config.unique,
            config.where !== undefined,
            config.columns.map((one) => (one as { name: string }).name).join(),
          ])
          .sort(),
      );
      expect((file.pragma(`foreign_key_list(${name})`) as unknown[]).length).toBe(foreignKeys.length);
    }
    file.close();
  });

  it('opens again with what was kept, and twice at once', async () => {
    const first = await open(`sqlite:${path}`);
    const { id } = await batch(first);
    const second = await open(`sqlite:${path}`);
    expect((await second.batches.get(id, all))?.id).toBe(id);
    const made = await Promise.all([first, second, first, second].map((store) => batch(store)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(4);
    await first.close();
    await first.close();
    await expect(first.batches.get(id, all)).rejects.toThrow();
    await second.health();
  });

  it('waits for another process that holds the file, and goes on meanwhile', async () => {
    const store = await open(`sqlite:${path}`);
    const other = new Sqlite(path);
    other.exec('BEGIN IMMEDIATE');
    const made = batch(store);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await store.accounts.count()).toBe(0);
    other.exec('COMMIT');
    other.close();
    expect((await made).title).toBe('March');
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ['of another program', (at) => new Sqlite(at).exec('CREATE TABLE x (y)').close(), /another program/],
    [
      'of a later version',
      (at) => new Sqlite(at).exec(`PRAGMA application_id = ${0x45415257}; PRAGMA user_version = 999`).close(),
      /version 999/,
    ],
    ['of a run of inspect', (at) => openRunStore(at).close(), /another program/],
    ['that is no database', (at) => writeFileSync(at, 'a letter, not a database '.repeat(100)), /not a database/],
    ['that is a folder', (at) => mkdirSync(at), /cannot be used/],
  ])('refuses a file %s and leaves it as it was', async (_, make, message) => {
    const other = join(dir, 'other');
    make(other);
    const before = statSync(other).isFile() ? readFileSync(other) : null;
    await expect(openStore(`sqlite:${other}`)).rejects.toMatchObject({
      code: 'state-unusable',
      message: expect.stringMatching(message),
      problem: { path: other },
    });
    if (before !== null) expect(readFileSync(other).subarray(100).equals(before.subarray(100))).toBe(true);
    await expect(restoreStore(other, `sqlite:${join(dir, 'new')}`)).rejects.toThrow();
    expect(existsSync(join(dir, 'new'))).toBe(false);
  });

  it.each(['', 'sqlite:', 'sqlite::memory:', 'mysql://x', 'postgres://', '/a/file', 'sqlite:a\0b'])(
    'refuses the address %j',
    async (url) => {
      await expect(openStore(url)).rejects.toMatchObject({ code: 'state-unusable' });
    },
  );

  it('leaves nothing of what was erased in the file or its log', async () => {
    const store = await open(`sqlite:${path}`);
    const { id } = await batch(store);
    // Compressed words cannot be looked for; the source's own id stands in a column.
    const order = waiting(id, 'k', { about: { id: 'findable-marker-of-a-customer', customerId: 'findable-customer' } });
    await store.sessions.addWaiting([order]);
    await store.sessions.record([finished(order)]);
    const text = () =>
      readdirSync(join(dir, 'deep'))
        .map((name) => readFileSync(join(dir, 'deep', name), 'latin1'))
        .join('');
    expect(text()).toContain('findable-marker');
    await store.upkeep.strip(['k'], 'result');
    await store.upkeep.scrub();
    expect(text()).not.toContain('findable-');
  });

  it('survives a process that is killed while it writes', async () => {
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
      const store = await openStore(${JSON.stringify(`sqlite:${path}`)});
      for (let n = 0; ; n++) {
        await store.audit.append({ actor: 'a', action: 'b', target: 'c', detail: { n } });
        if (n === 30) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5);
      }`;
    const ended = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect(ended.signal).toBe('SIGKILL');
    const store = await open(`sqlite:${path}`);
    const verdict = await verifyAudit(store.audit.all());
    expect(verdict.broken).toBeNull();
    expect(verdict.entries).toBeGreaterThan(30);
  });
});

describe.skipIf(onPostgres.skip)('a store in PostgreSQL', () => {
  it('has the tables, columns and indexes of the schema', async () => {
    const { url } = await place(postgres);
    await open(url);
    const made = await query(
      url,
      `SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns WHERE table_schema = 'earwitness' AND table_name <> 'installation'`,
    );
    const described = Object.values(tables.postgres).map((table) => postgresConfig(table as never));
    const columns = described.flatMap(({ name, columns }) =>
      columns.map((column) => {
        const [type, collate] = column.getSQLType().split(' COLLATE ');
        return [name, column.name, type, column.notNull ? 'NO' : 'YES', collate?.replaceAll('"', '') ?? null];
      }),
    );
    const rows = made.map((row) => [
      row['table_name'],
      row['column_name'],
      row['data_type'],
      row['is_nullable'],
      row['collation_name'],
    ]);
    expect(rows.sort()).toEqual(columns.sort());
    const indexes = await query(
      url,
      `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'earwitness' AND indexdef NOT LIKE '%pkey%'`,
    );
    expect(indexes.map((row) => row['indexname']).sort()).toEqual(
      described.flatMap(({ indexes }) => indexes.map(({ config }) => config.name)).sort(),
    );
    for (const { indexes: all } of described)
      for (const { config } of all) {
        const definition = String(indexes.find((row) => row['indexname'] === config.name)?.['indexdef']);
        const parts = config.columns.map((one) => (one as { name: string }).name).join(', ');
        expect(definition).toContain(`(${parts})`);
        expect([definition.includes('UNIQUE'), definition.includes(' WHERE ')]).toEqual([
          config.unique,
          config.where !== undefined,
        ]);
      }
  });

  it('is made once by servers that start together, beside the tables of others', async () => {
    const { url } = await place(postgres);
    await query(url, 'CREATE TABLE public.sessions (mine text)');
    const opened = await Promise.all([open(url), open(url), open(url)]);
    const { id } = await batch(opened[0]);
    expect((await opened[2].batches.get(id, all))?.id).toBe(id);
    expect(await query(url, 'SELECT * FROM public.sessions')).toEqual([]);
  });

  it('refuses a schema of another program, and one of a later version, and changes nothing', async () => {
    const [other, later] = [await place(postgres), await place(postgres)];
    await query(other.url, 'CREATE SCHEMA earwitness; CREATE TABLE earwitness.x (y text)');
    await expect(openStore(other.url)).rejects.toMatchObject({
      code: 'state-unusable',
      message: expect.stringMatching(/another program/),
    });
    expect(await query(other.url, `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'earwitness'`)).toEqual([
      { n: 1 },
    ]);
    await query(
      later.url,
      'CREATE SCHEMA earwitness; CREATE TABLE earwitness.installation (version bigint); INSERT INTO earwitness.installation VALUES (999)',
    );
    await expect(openStore(later.url)).rejects.toMatchObject({
      code: 'state-unusable',
      message: expect.stringMatching(/version 999/),
    });
  });

  it('says that nothing answers, without the password, and recovers when connections are cut', async () => {
    const refused = openStore('postgres://me:secret-password@127.0.0.1:9/none');
    await expect(refused).rejects.toMatchObject({
      code: 'store-unavailable',
      problem: { path: 'postgres://127.0.0.1:9/none' },
    });
    await refused.catch((error: unknown) => expect(String(JSON.stringify(error))).not.toContain('secret-password'));
    const { url } = await place(postgres);
    const store = await open(url);
    const { id } = await batch(store);
    await query(
      url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const tries = [store.batches.get(id, all), store.batches.get(id, all)];
    for (const one of await Promise.allSettled(tries))
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'store-unavailable' });
    expect((await store.batches.get(id, all))?.id).toBe(id);
  });

  it('never says values of a query in what it throws', async () => {
    const store = await open((await place(postgres)).url);
    const login = {
      idHash: 'h',
      csrf: 'secret-csrf',
      createdAt: 'x',
      lastSeenAt: 'x',
      expiresAt: 'x',
      accountId: 'secret-nobody',
    };
    const failure = await store.logins.create(login).catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(Error);
    expect(`${String(failure)} ${JSON.stringify({ ...failure })} ${(failure as Error).stack}`).not.toContain('secret-');
  });
});

describe('backup and restore', () => {
  const ways = [
    ['sqlite', 'sqlite'],
    ['sqlite', 'postgres'],
    ['postgres', 'sqlite'],
    ['postgres', 'postgres'],
  ] as const;
  const of = { sqlite, postgres };

  it.each(ways)('brings everything from %s to %s, taken while it is written', async (from, to) => {
    if (postgres!.missing !== null && (from === 'postgres' || to === 'postgres')) return;
    const source = await open((await place(of[from])).url);
    const made = await source.accounts.create(account({ name: 'a\0b' }));
    const { id } = await batch(source, 'north');
    const orders = ['k1', 'k2'].map((key) => waiting(id, key, { about: { startedAt: '2026-03-02T10:00:00.000Z' } }));
    await source.sessions.addWaiting(orders);
    await source.sessions.record([finished(orders[0]!, { score: 61.25, passed: false })]);
    await source.bundles.pin({
      kind: 'scorecard',
      hash: 'h',
      id: 'c',
      version: '1',
      path: 'p',
      files: [{ path: 'p', sha256: 's', bytes: Buffer.from([0, 255]) }],
    });
    for (let n = 0; n < 3; n++) await source.audit.append({ actor: 'a', action: 'b', target: 'c', detail: { n } });
    const backup = join(dir, 'backup.sqlite');
    const writing = Array.from({ length: 5 }, () => batch(source));
    await Promise.all([source.upkeep.backup(backup), ...writing]);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    await expect(source.upkeep.backup(backup)).rejects.toMatchObject({ code: 'output-unwritable' });

    const { url } = await place(of[to]);
    await restoreStore(backup, url);
    const copy = await open(url);
    expect(await copy.accounts.get(made.id)).toEqual(made);
    expect(await copy.batches.get(id, all)).toEqual(await source.batches.get(id, all));
    expect(await copy.sessions.summary('k1', all)).toEqual(await source.sessions.summary('k1', all));
    expect(await copy.sessions.result('k1', all)).toEqual(await source.sessions.result('k1', all));
    expect(await copy.sessions.waiting(['k1', 'k2'])).toEqual(await source.sessions.waiting(['k1', 'k2']));
    const period = { from: '2026-03-01', to: '2026-03-31' };
    expect(await copy.reports.period(all, period)).toEqual(await source.reports.period(all, period));
    expect(Buffer.from((await copy.bundles.artefact('s'))!)).toEqual(Buffer.from([0, 255]));
    // Work goes on where it was: sequences and the audit chain are not begun anew.
    await copy.sessions.record([finished(orders[1]!)]);
    await copy.sessions.addWaiting([waiting(id, 'k3')]);
    await copy.audit.append({ actor: 'a', action: 'b', target: 'c', detail: {} });
    expect(await verifyAudit(copy.audit.all())).toMatchObject({ entries: 4, broken: null });
    await expect(restoreStore(backup, url)).rejects.toMatchObject({ code: 'installation-not-empty' });
    expect((await copy.batches.get(id, all))?.counts.recorded).toBe(2);
  });

  it('refuses a backup that was cut, and leaves the target as it was', async () => {
    const source = await open(`sqlite:${path}`);
    for (let n = 0; n < 5; n++) await batch(source);
    const backup = join(dir, 'b.sqlite');
    await source.upkeep.backup(backup);
    const bytes = readFileSync(backup);
    writeFileSync(join(dir, 'cut.sqlite'), bytes.subarray(0, bytes.length - 8192));
    await expect(restoreStore(join(dir, 'cut.sqlite'), `sqlite:${join(dir, 'new.sqlite')}`)).rejects.toMatchObject({
      code: 'backup-invalid',
    });
    expect(existsSync(join(dir, 'new.sqlite'))).toBe(false);
  });
});

/** Takes a database back to the tables that held sums before version 2, with the same sums in them. */
const backToOne = (before: string, each: string, number: (n: number) => string) => `
  CREATE TABLE ${before}agent_item_sums AS SELECT agent_id, day, team, other_team, channel, scorecard_id, key AS item,
    ${['pass', 'fail', 'unknown', 'na', 'cost_millionths'].map((name, n) => `${number(n)} AS ${name}`).join(', ')} FROM ${each};
  CREATE TABLE ${before}item_sums AS SELECT day, team, other_team, channel, scorecard_id, item, sum(pass) AS pass,
    sum(fail) AS fail, sum(unknown) AS unknown, sum(na) AS na, sum(cost_millionths) AS cost_millionths
    FROM ${before}agent_item_sums GROUP BY day, team, other_team, channel, scorecard_id, item;
  DROP TABLE ${before}team_sums; DROP TABLE ${before}month_sums; DROP TABLE ${before}team_month_sums;
  ALTER TABLE ${before}sums DROP COLUMN items;`;

describe('a database of version 1', () => {
  it.each(['sqlite', 'postgres'] as const)(
    'has its sums by month and without agents filled in, in %s',
    async (kind) => {
      if (kind === 'postgres' && postgres!.missing !== null) return;
      const { url } = await place(kind === 'sqlite' ? sqlite : postgres);
      const first = await open(url);
      const { id } = await batch(first, 'north');
      const days = ['2026-01-01', '2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01', '2026-03-02'];
      const orders = days.flatMap((day, n) =>
        ['k', 'l'].map((name) =>
          waiting(id, `${name}${n}`, {
            about: {
              startedAt: `${day}T10:00:00.000Z`,
              agentId: n % 2 ? 'a1' : null,
              team: name === 'k' ? 'south' : null,
            },
          }),
        ),
      );
      await first.sessions.addWaiting(orders);
      const items = (n: number) => [
        { id: 'greeting', verdict: n % 2 ? ('pass' as const) : ('fail' as const), cost: n / 8 },
        { id: `"i'${n % 3}`, verdict: 'na' as const, cost: 0 },
      ];
      await first.sessions.record(orders.map((order, n) => finished(order, { score: n * 7.5, items: items(n) })));
      const reports = async (store: Awaited<ReturnType<typeof open>>) => {
        const found = [];
        for (const scope of [
          all,
          { kind: 'teams' as const, teams: ['north'] },
          { kind: 'agent' as const, agentId: 'a1' },
        ])
          for (const [from, to] of [
            ['2026-01-01', '2026-12-31'],
            ['2026-01-31', '2026-03-01'],
            ['2026-02-02', '2026-02-28'],
          ])
            found.push(await store.reports.period(scope, { from: from!, to: to! }));
        return found;
      };
      const before = await reports(first);
      await first.close();
      if (kind === 'sqlite') {
        const file = new Sqlite(url.slice('sqlite:'.length));
        file.exec(backToOne('', 'sums, json_each(items)', (n) => `value ->> ${n}`));
        file.exec('PRAGMA user_version = 1');
        file.close();
      } else
        await query(
          url,
          `${backToOne('earwitness.', 'earwitness.sums, json_each(items::json)', (n) => `(value ->> ${n})::bigint`)}
         UPDATE earwitness.installation SET version = 1`,
        );
      const second = await open(url);
      expect(await reports(second)).toEqual(before);
      // And they are added to from there.
      await second.sessions.record([finished(orders[0]!, { score: 50, items: items(1) })], { again: true });
      const [year] = await reports(second);
      expect(year!.items.find(({ item }) => item === 'greeting')).toMatchObject({ pass: 7, fail: 5 });
    },
  );
});
