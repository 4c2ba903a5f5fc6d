import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** Messages say what is wrong and what to do; they never show the value, which may be a secret. */
const url = (protocols: readonly string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `is no URL of the kind needed. Give one such as ${example}.`,
  });

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `is no whole number. Give ${least} to ${most}.`)
    .transform(Number)
    .refine((n) => n >= least && n <= most, `is out of range. Give ${least} to ${most}.`);

const yesOrNo = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], { error: 'is neither true nor false. Give one of them.' })
  .transform((text) => ['true', '1', 'yes'].includes(text));

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const networks = z
  .string()
  .transform(list)
  .refine((all) => all.every(isNetwork), {
    error: 'names something that is no network. Give addresses or CIDR blocks, e.g. 10.0.0.0/8,192.168.1.7.',
  });

function isNetwork(text: string): boolean {
  return text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);
}

const days = whole(1, 36_500);
const text = z.string().max(1_000, 'is too long. Give at most 1000 characters.');

/** A pair in each part: `folder=team`. */
function pairs(parts: readonly string[]): [string, string][] {
  return parts.map((part) => {
    const at = part.lastIndexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
}

/** Every variable of the server; docs/operations/configuration.md has a row for each. */
export const environmentSchema = z.object({
  EARWITNESS_HOST: text.default('127.0.0.1'),
  EARWITNESS_PORT: whole(0, 65_535).default(7300),
  EARWITNESS_PUBLIC_URL: url(['http:', 'https:'], 'https://qa.example.com')
    .refine((given) => /^\/?$/.test(new URL(given).pathname) && !/[?#]/.test(given), {
      error: 'has a path. Give scheme, host and port alone; the server needs a host of its own.',
    })
    .transform((given) => new URL(given).origin)
    .optional(),
  EARWITNESS_DATA_DIR: text.optional(),
  EARWITNESS_SECRET: text.min(32, 'is too short. Give at least 32 random characters.').optional(),
  EARWITNESS_TRUST_PROXY: networks.default([]),
  EARWITNESS_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'is no level. Give trace, debug, info, warn, error, fatal or silent.',
    })
    .default('info'),
  EARWITNESS_METRICS_TOKEN: text.min(16, 'is too short. Give at least 16 random characters.').optional(),

  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/earwitness').optional(),
  EARWITNESS_QUEUE: z
    .enum(['embedded', 'redis', 'postgres'], { error: 'is no queue. Give embedded, redis or postgres.' })
    .optional(),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379').optional(),

  S3_BUCKET: text.optional(),
  S3_ENDPOINT: url(['http:', 'https:'], 'https://s3.example.com').optional(),
  S3_REGION: text.default('us-east-1'),
  S3_PREFIX: text.default(''),
  S3_ACCESS_KEY_ID: text.optional(),
  S3_SECRET_ACCESS_KEY: text.optional(),
  S3_PATH_STYLE: yesOrNo.default(false),

  EARWITNESS_WORKERS: whole(0, 256).optional(),
  EARWITNESS_RECOGNISER: z
    .enum(['auto', 'sherpa', 'pocketsphinx', 'given'], {
      error: 'is no recogniser. Give auto, sherpa, pocketsphinx or given.',
    })
    .default('auto'),
  EARWITNESS_MODELS_DIR: text.optional(),
  EARWITNESS_OFFLINE: yesOrNo.default(false),

  EARWITNESS_MAX_UPLOAD_BYTES: whole(1, 1e15).default(2 * 1024 ** 3),
  EARWITNESS_MAX_FILES_PER_BATCH: whole(1, 10_000_000).default(100_000),
  EARWITNESS_MAX_BODY_BYTES: whole(1_024, 1024 ** 3).default(4 * 1024 ** 2),
  EARWITNESS_REQUESTS_PER_MINUTE: whole(1, 100_000_000).default(6_000),

  EARWITNESS_OIDC_ISSUER: url(['http:', 'https:'], 'https://id.example.com')
    .refine((given) => given.startsWith('https:') || isLoopback(new URL(given).hostname), {
      error: 'is not encrypted. Give an https URL; plain http is taken for this machine alone.',
    })
    .optional(),
  EARWITNESS_OIDC_CLIENT_ID: text.optional(),
  EARWITNESS_OIDC_CLIENT_SECRET: text.optional(),
  EARWITNESS_OIDC_ROLE_CLAIM: text.default('groups'),
  EARWITNESS_OIDC_ROLES: z
    .string()
    .transform((given) => pairs(list(given)))
    .refine((all) => all.length > 0 && all.every(([group, role]) => group !== '' && role !== ''), {
      error: 'is not a list of group=role. Give e.g. qa-admins=admin,qa=reviewer.',
    })
    .transform((all) => Object.fromEntries(all))
    .optional(),

  EARWITNESS_WATCH: z
    .string()
    .transform((given) =>
      pairs(
        given
          .split(';')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ).map(([folder, team]) => ({
        folder,
        team: team === '' ? null : team,
      })),
    )
    .refine((all) => all.every(({ folder }) => folder !== ''), {
      error: 'names a team without a folder. Give folder=team, with semicolons between several.',
    })
    .default([]),
  EARWITNESS_S3_IMPORT: z
    .string()
    .transform((given) =>
      pairs(
        given
          .split(';')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ).map(([place, team]) => ({ place, team: team === '' ? null : team })),
    )
    .refine((all) => all.every(({ place }) => /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/.test(place)), {
      error: 'names no bucket. Give s3://bucket/prefix=team, with semicolons between several.',
    })
    .transform((all) =>
      all.map(({ place, team }) => {
        const [bucket = '', ...prefix] = place.slice('s3://'.length).split('/');
        return { bucket, prefix: prefix.join('/'), team };
      }),
    )
    .default([]),
  EARWITNESS_WEBHOOK_NETWORKS: networks.default([]),

  EARWITNESS_KEEP_RECORDINGS_DAYS: days.optional(),
  EARWITNESS_KEEP_TRANSCRIPTS_DAYS: days.optional(),
  EARWITNESS_KEEP_RESULTS_DAYS: days.optional(),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Secrets may also come as files (`NAME_FILE`), as container platforms hand them over. */
export const fileVariables = [
  'EARWITNESS_SECRET',
  'EARWITNESS_METRICS_TOKEN',
  'EARWITNESS_OIDC_CLIENT_SECRET',
  'DATABASE_URL',
  'REDIS_URL',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const satisfies readonly (keyof Environment)[];

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}
