import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EarwitnessError } from '../session/index.ts';
import { readServerConfig } from './config.ts';
import { environmentSchema, fileVariables } from './environment.ts';

const root = mkdtempSync(join(tmpdir(), 'earwitness-config-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const folder = () => join(root, `data-${count++}`);

function problemOf(env: NodeJS.ProcessEnv): string {
  try {
    readServerConfig({ EARWITNESS_DATA_DIR: folder(), ...env });
  } catch (error) {
    if (error instanceof EarwitnessError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('readServerConfig', () => {
  it('needs nothing', () => {
    const dataDir = folder();
    const config = readServerConfig({ EARWITNESS_DATA_DIR: dataDir });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 7300,
      publicUrl: 'http://127.0.0.1:7300',
      dataDir,
      databaseUrl: null,
      queue: { kind: 'embedded' },
      s3: null,
      oidc: null,
      trustProxy: [],
      watch: [],
      retentionDays: { recording: null, transcript: null, result: null },
      metricsToken: null,
    });
  });

  it('makes a secret once, for its owner alone, and keeps it', () => {
    const dataDir = folder();
    const first = readServerConfig({ EARWITNESS_DATA_DIR: dataDir });
    expect(first.secret).toHaveLength(43);
    expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
    chmodSync(join(dataDir, 'secret'), 0o644);
    expect(readServerConfig({ EARWITNESS_DATA_DIR: dataDir }).secret).toBe(first.secret);
    expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
    writeFileSync(join(dataDir, 'secret'), 'short');
    expect(() => readServerConfig({ EARWITNESS_DATA_DIR: dataDir })).toThrow('damaged');
  });

  it('reads every kind of variable', () => {
    const secretFile = join(root, 'client-secret');
    writeFileSync(secretFile, 'from-a-file\n');
    const config = readServerConfig({
      EARWITNESS_DATA_DIR: folder(),
      EARWITNESS_HOST: '::',
      EARWITNESS_PORT: '8080',
      EARWITNESS_SECRET: 'x'.repeat(32),
      DATABASE_URL: 'postgres://localhost/earwitness',
      REDIS_URL: 'redis://localhost:6379',
      S3_BUCKET: 'calls',
      S3_PATH_STYLE: 'yes',
      EARWITNESS_WORKERS: '0',
      EARWITNESS_OFFLINE: '1',
      EARWITNESS_OIDC_ISSUER: 'https://id.example.com',
      EARWITNESS_OIDC_CLIENT_ID: 'earwitness',
      EARWITNESS_OIDC_CLIENT_SECRET_FILE: secretFile,
      EARWITNESS_OIDC_ROLES: 'qa-admins=admin, qa=reviewer',
      EARWITNESS_TRUST_PROXY: '10.0.0.0/8, 192.168.1.7',
      EARWITNESS_WATCH: '/srv/calls=team a; /srv/chats',
      EARWITNESS_KEEP_RECORDINGS_DAYS: '30',
      EARWITNESS_LOG_LEVEL: '',
    });
    expect(config).toMatchObject({
      publicUrl: 'http://localhost:8080',
      queue: { kind: 'redis', url: 'redis://localhost:6379' },
      s3: { bucket: 'calls', endpoint: null, pathStyle: true },
      workers: 0,
      offline: true,
      oidc: { clientSecret: 'from-a-file', roleClaim: 'groups', roles: { 'qa-admins': 'admin', qa: 'reviewer' } },
      trustProxy: ['10.0.0.0/8', '192.168.1.7'],
      watch: [
        { folder: '/srv/calls', team: 'team a' },
        { folder: '/srv/chats', team: null },
      ],
      retentionDays: { recording: 30 },
      logLevel: 'info',
    });
    expect(existsSync(join(config.dataDir, 'secret'))).toBe(false);
  });

  it('lets the command line win, and falls back on its defaults', () => {
    const config = readServerConfig(
      { EARWITNESS_PORT: '1' },
      { overrides: { port: 2, dataDir: folder() }, defaults: { modelsDir: '/models' } },
    );
    expect([config.port, config.publicUrl, config.modelsDir]).toEqual([2, 'http://127.0.0.1:2', '/models']);
  });

  it('names all problems at once, with what to do, and shows no value', () => {
    const message = problemOf({
      EARWITNESS_PORT: '70000',
      EARWITNESS_PUBLIC_URL: 'https://qa.example.com/sub',
      EARWITNESS_SECRET: 'hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      EARWITNESS_OFFLINE: 'maybe',
      EARWITNESS_TRUST_PROXY: 'proxy.example.com',
      EARWITNESS_OIDC_ISSUER: 'http://id.example.com',
      EARWITNESS_METRICS_TOKEN_FILE: join(root, 'missing'),
    });
    const named = message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0]);
    expect(named.sort()).toEqual([
      'DATABASE_URL',
      'EARWITNESS_METRICS_TOKEN_FILE',
      'EARWITNESS_OFFLINE',
      'EARWITNESS_OIDC_ISSUER',
      'EARWITNESS_PORT',
      'EARWITNESS_PUBLIC_URL',
      'EARWITNESS_SECRET',
      'EARWITNESS_TRUST_PROXY',
    ]);
    expect(message).toMatch(/EARWITNESS_PORT: is out of range\. Give 0 to 65535\./);
    expect(message).not.toContain('hunter2');
    for (const line of message.split('\n').slice(1)) expect(line).toMatch(/Give|Name/);
  });

  it('finds what does not go together', () => {
    expect(problemOf({ EARWITNESS_QUEUE: 'redis' })).toContain('REDIS_URL: is missing');
    expect(problemOf({ EARWITNESS_QUEUE: 'postgres' })).toContain('DATABASE_URL: is missing');
    expect(problemOf({ S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k' })).toContain('S3_SECRET_ACCESS_KEY: is missing');
    expect(problemOf({ EARWITNESS_OIDC_ISSUER: 'https://id.example.com' })).toMatch(
      /CLIENT_ID: is missing[^]*ROLES: is/,
    );
    expect(problemOf({ EARWITNESS_OIDC_ROLES: 'a=boss' })).toContain('no such role');
    expect(problemOf({ EARWITNESS_SECRET: 'x'.repeat(32), EARWITNESS_SECRET_FILE: import.meta.filename })).toContain(
      'given too',
    );
  });
});

describe('docs/operations/configuration.md', () => {
  const page = readFileSync(new URL('../../docs/operations/configuration.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \|(.*)$/gm)];

  it('has one row for each variable', () => {
    expect(rows.map((row) => row[1]).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  it('marks those that may come as a file', () => {
    expect(
      rows
        .filter((row) => row[2]!.includes('**file**'))
        .map((row) => row[1])
        .sort(),
    ).toEqual([...fileVariables].sort());
  });
});
