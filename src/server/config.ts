import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { EarwitnessError, isNodeError, userRoleSchema } from '../session/index.ts';
import { type Environment, environmentSchema, fileVariables } from './environment.ts';

/** Filled by readServerConfig from the environment; docs/operations/configuration.md has a row for every variable. */
export interface ServerConfig {
  host: string;
  port: number;
  /** How browsers and workers reach the server, without a slash at the end. */
  publicUrl: string;
  /** Folder of the embedded database, queue, archive, uploads and secrets. */
  dataDir: string;
  databaseUrl: string | null;
  queue: { kind: 'embedded' } | { kind: 'redis'; url: string } | { kind: 'postgres'; url: string };
  s3: {
    bucket: string;
    endpoint: string | null;
    region: string;
    prefix: string;
    accessKeyId: string | null;
    secretAccessKey: string | null;
    pathStyle: boolean;
  } | null;
  /** Inference children of this process; 0: only workers elsewhere compute. */
  workers: number;
  recogniser: string;
  modelsDir: string;
  offline: boolean;
  /** Key of signatures (URLs of workers, cookies), made at first start and kept in dataDir when not given. */
  secret: string;
  limits: { uploadBytes: number; filesPerBatch: number; bodyBytes: number; requestsPerMinute: number };
  oidc: {
    issuer: string;
    clientId: string;
    clientSecret: string;
    roleClaim: string;
    roles: Record<string, string>;
  } | null;
  /** Reverse proxies whose forwarded headers are believed. */
  trustProxy: string[];
  /** Networks inside which webhooks may be delivered although they are private. */
  webhookNetworks: string[];
  watch: { folder: string; team: string | null }[];
  /** Prefixes of S3 buckets whose objects are taken in, with the region, endpoint and keys of S3_*. */
  s3Import: {
    sources: { bucket: string; prefix: string; team: string | null }[];
    endpoint: string | null;
    region: string;
    accessKeyId: string | null;
    secretAccessKey: string | null;
    pathStyle: boolean;
  };
  retentionDays: { recording: number | null; transcript: number | null; result: number | null };
  logLevel: string;
  /** With it /metrics is answered from anywhere, without it on loopback alone. */
  metricsToken: string | null;
}

/** What the command line says beats the environment; `defaults` stand where neither says anything. */
export interface ConfigSources {
  overrides?: Partial<ServerConfig>;
  defaults?: Partial<Pick<ServerConfig, 'modelsDir' | 'dataDir'>>;
}

/**
 * Reads the whole configuration and makes the folder of the data. Throws one `usage` that names every variable that is
 * wrong, what is wrong, and what to do.
 */
export function readServerConfig(
  env: NodeJS.ProcessEnv,
  { overrides = {}, defaults = {} }: ConfigSources = {},
): ServerConfig {
  const { values, problems } = readEnvironment(env);
  if (!values || problems.length > 0) throw wrong(problems);
  const dataDir = resolve(overrides.dataDir ?? values.EARWITNESS_DATA_DIR ?? defaults.dataDir ?? 'earwitness-data');
  const config = { ...fromEnvironment(values, dataDir, defaults), ...overrides, dataDir };
  return {
    ...config,
    publicUrl: config.publicUrl || `http://${urlHost(config.host)}:${config.port}`,
    secret: config.secret || keptSecret(dataDir),
  };
}

function readEnvironment(env: NodeJS.ProcessEnv): { values: Environment | null; problems: string[] } {
  const problems: string[] = [];
  // An empty variable is one that a compose file could not leave out.
  const given = Object.fromEntries(
    Object.keys(environmentSchema.shape).flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])),
  );
  for (const name of fileVariables) {
    const path = env[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (given[name] !== undefined) problems.push(`${name}_FILE: ${name} is given too. Give one of them.`);
    try {
      given[name] = readFileSync(path, 'utf8').trim();
    } catch {
      problems.push(`${name}_FILE: the file cannot be read. Name one that this user may read.`);
    }
  }
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    // Values are never shown: some of them are secrets.
    for (const issue of parsed.error.issues) problems.push(`${issue.path.join('.')}: ${issue.message}`);
    return { values: null, problems };
  }
  return { values: parsed.data, problems: [...problems, ...contradictions(parsed.data)] };
}

function contradictions(env: Environment): string[] {
  const problems: string[] = [];
  const need = (name: keyof Environment, why: string) => {
    if (env[name] === undefined) problems.push(`${name}: is missing. ${why}`);
  };
  const queue = queueKind(env);
  if (queue === 'redis') need('REDIS_URL', 'EARWITNESS_QUEUE=redis needs the URL of a Redis server.');
  if (queue === 'postgres') need('DATABASE_URL', 'EARWITNESS_QUEUE=postgres needs the URL of a PostgreSQL server.');
  if (env.EARWITNESS_S3_IMPORT.length === 0 && (env.S3_ENDPOINT ?? env.S3_ACCESS_KEY_ID))
    need('S3_BUCKET', 'Name the bucket, or remove the other S3_ variables.');
  if (env.S3_ACCESS_KEY_ID) need('S3_SECRET_ACCESS_KEY', 'The key id needs its secret.');
  if (env.S3_SECRET_ACCESS_KEY) need('S3_ACCESS_KEY_ID', 'The secret needs its key id.');
  const oidc = ['EARWITNESS_OIDC_ISSUER', 'EARWITNESS_OIDC_CLIENT_ID', 'EARWITNESS_OIDC_CLIENT_SECRET'] as const;
  if ([...oidc, 'EARWITNESS_OIDC_ROLES' as const].some((name) => env[name] !== undefined)) {
    for (const name of oidc) need(name, 'Log-in by identity provider needs issuer, client id and client secret.');
    need('EARWITNESS_OIDC_ROLES', 'Say which group has which role, e.g. qa-admins=admin,qa=reviewer.');
  }
  for (const role of Object.values(env.EARWITNESS_OIDC_ROLES ?? {}))
    if (!userRoleSchema.safeParse(role).success)
      problems.push(
        `EARWITNESS_OIDC_ROLES: there is no such role as one named. Take ${userRoleSchema.options.join(', ')}.`,
      );
  return problems;
}

function queueKind(env: Environment): ServerConfig['queue']['kind'] {
  return env.EARWITNESS_QUEUE ?? (env.REDIS_URL === undefined ? 'embedded' : 'redis');
}

function fromEnvironment(env: Environment, dataDir: string, defaults: ConfigSources['defaults']): ServerConfig {
  const kind = queueKind(env);
  return {
    host: env.EARWITNESS_HOST,
    port: env.EARWITNESS_PORT,
    publicUrl: env.EARWITNESS_PUBLIC_URL ?? '',
    dataDir,
    databaseUrl: env.DATABASE_URL ?? null,
    queue: kind === 'embedded' ? { kind } : { kind, url: kind === 'redis' ? env.REDIS_URL! : env.DATABASE_URL! },
    s3:
      env.S3_BUCKET === undefined
        ? null
        : {
            bucket: env.S3_BUCKET,
            endpoint: env.S3_ENDPOINT ?? null,
            region: env.S3_REGION,
            prefix: env.S3_PREFIX,
            accessKeyId: env.S3_ACCESS_KEY_ID ?? null,
            secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? null,
            pathStyle: env.S3_PATH_STYLE,
          },
    workers: env.EARWITNESS_WORKERS ?? Math.max(1, availableParallelism() - 1),
    recogniser: env.EARWITNESS_RECOGNISER,
    modelsDir: resolve(env.EARWITNESS_MODELS_DIR ?? defaults?.modelsDir ?? join(dataDir, 'models')),
    offline: env.EARWITNESS_OFFLINE,
    secret: env.EARWITNESS_SECRET ?? '',
    limits: {
      uploadBytes: env.EARWITNESS_MAX_UPLOAD_BYTES,
      filesPerBatch: env.EARWITNESS_MAX_FILES_PER_BATCH,
      bodyBytes: env.EARWITNESS_MAX_BODY_BYTES,
      requestsPerMinute: env.EARWITNESS_REQUESTS_PER_MINUTE,
    },
    oidc:
      env.EARWITNESS_OIDC_ISSUER === undefined
        ? null
        : {
            issuer: env.EARWITNESS_OIDC_ISSUER,
            clientId: env.EARWITNESS_OIDC_CLIENT_ID!,
            clientSecret: env.EARWITNESS_OIDC_CLIENT_SECRET!,
            roleClaim: env.EARWITNESS_OIDC_ROLE_CLAIM,
            roles: env.EARWITNESS_OIDC_ROLES!,
          },
    trustProxy: env.EARWITNESS_TRUST_PROXY,
    webhookNetworks: env.EARWITNESS_WEBHOOK_NETWORKS,
    watch: env.EARWITNESS_WATCH,
    s3Import: {
      sources: env.EARWITNESS_S3_IMPORT,
      endpoint: env.S3_ENDPOINT ?? null,
      region: env.S3_REGION,
      accessKeyId: env.S3_ACCESS_KEY_ID ?? null,
      secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? null,
      pathStyle: env.S3_PATH_STYLE,
    },
    retentionDays: {
      recording: env.EARWITNESS_KEEP_RECORDINGS_DAYS ?? null,
      transcript: env.EARWITNESS_KEEP_TRANSCRIPTS_DAYS ?? null,
      result: env.EARWITNESS_KEEP_RESULTS_DAYS ?? null,
    },
    logLevel: env.EARWITNESS_LOG_LEVEL,
    metricsToken: env.EARWITNESS_METRICS_TOKEN ?? null,
  };
}

/** The secret of this installation: made at the first start, readable by its owner alone, the same ever after. */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // `wx`: of two processes that start at once one makes it, the other reads it.
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(isNodeError(error) && error.code === 'EEXIST'))
      throw new EarwitnessError(
        'output-unwritable',
        dataDir,
        'The folder of the data cannot be written.',
        'Set EARWITNESS_DATA_DIR to a folder that this user may write.',
        { cause: error },
      );
  }
  chmodSync(path, 0o600);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length >= 32) return secret;
  throw new EarwitnessError(
    'state-unusable',
    path,
    'The secret of this installation is damaged.',
    'Restore the file from a backup. Removing it makes a new one and ends all logins and signed addresses.',
  );
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function wrong(problems: readonly string[]): EarwitnessError {
  const lines = problems.map((line) => `  ${line}`).join('\n');
  const count = problems.length === 1 ? 'One variable is' : `${problems.length} variables are`;
  return new EarwitnessError(
    'usage',
    '',
    `${count} wrong:\n${lines}`,
    'Nothing was started. docs/operations/configuration.md describes every variable.',
  );
}
