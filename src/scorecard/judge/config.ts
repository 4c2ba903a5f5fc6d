import { z } from 'zod';
import { EarwitnessError } from '../../session/index.ts';
import { readDuration } from '../load/units.ts';

const whole = (most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is a whole number')
    .transform(Number)
    .refine((value) => value <= most, `is at most ${most}`);

const environmentSchema = z.object({
  EARWITNESS_JUDGE_URL: z
    .string({ error: 'is missing; example: http://127.0.0.1:8000/v1' })
    .refine(isHttp, 'is an http or https address without user or password, e.g. http://127.0.0.1:8000/v1'),
  EARWITNESS_JUDGE_MODEL: z
    .string({ error: 'is missing; give the name that the endpoint knows its model by' })
    .min(1, 'is empty'),
  EARWITNESS_JUDGE_KEY: z
    .string()
    .regex(/^[\x21-\x7e]*$/, 'holds characters that no key has')
    .optional(),
  EARWITNESS_JUDGE_FORMAT: z.enum(['schema', 'json', 'none'], { error: 'is schema, json or none' }).optional(),
  EARWITNESS_JUDGE_TIMEOUT: z
    .string()
    .optional()
    .transform((given, context) => {
      const read = readDuration(given ?? '20s');
      if (read.ok && read.value >= 100 && read.value <= 600_000) return read.value;
      context.addIssue({ code: 'custom', message: 'is a length of time from 100ms to 10 min, e.g. 20s' });
      return z.NEVER;
    }),
  EARWITNESS_JUDGE_MAX_QUESTIONS: whole(1_000_000).optional(),
  EARWITNESS_JUDGE_MAX_TOKENS: whole(1_000_000_000).optional(),
  EARWITNESS_JUDGE_SESSION_QUESTIONS: whole(1000).optional(),
  EARWITNESS_JUDGE_SESSION_TOKENS: whole(10_000_000).optional(),
});

/** How a language model is reached and what may be spent on it. */
export interface JudgeConfig {
  /** Base address of an OpenAI-compatible endpoint; `/chat/completions` is added. */
  url: string;
  model: string;
  key: string | null;
  /** What the endpoint is told about the form of answers. */
  format: 'schema' | 'json' | 'none';
  timeoutMs: number;
  run: { questions: number; tokens: number };
  session: { questions: number; tokens: number };
}

/** Reads the configuration from an environment; throws `usage` with everything that is wrong at once. */
export function readJudgeConfig(environment: Readonly<Record<string, string | undefined>>): JudgeConfig {
  // A variable that is set and empty is one that is not set.
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const read = environmentSchema.safeParse(set);
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`);
    throw new EarwitnessError(
      'usage',
      '',
      `The language model is not configured:\n${lines.join('\n')}`,
      'Set these variables, or leave out --judge; docs/reference/judge.md lists them all.',
    );
  }
  const given = read.data;
  return {
    url: given.EARWITNESS_JUDGE_URL.replace(/\/+$/, ''),
    model: given.EARWITNESS_JUDGE_MODEL,
    key: given.EARWITNESS_JUDGE_KEY ?? null,
    format: given.EARWITNESS_JUDGE_FORMAT ?? 'schema',
    timeoutMs: given.EARWITNESS_JUDGE_TIMEOUT,
    run: {
      questions: given.EARWITNESS_JUDGE_MAX_QUESTIONS ?? 500,
      tokens: given.EARWITNESS_JUDGE_MAX_TOKENS ?? 1_000_000,
    },
    session: {
      questions: given.EARWITNESS_JUDGE_SESSION_QUESTIONS ?? 10,
      tokens: given.EARWITNESS_JUDGE_SESSION_TOKENS ?? 50_000,
    },
  };
}

function isHttp(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
