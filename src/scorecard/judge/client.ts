import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Opinion } from '../../session/index.ts';
import type { JudgeConfig } from './config.ts';
import { answerSchema, type JudgeQuestion, messagesOf, readAnswer } from './question.ts';

const attempts = 3;
const firstPauseMs = 250;
const longestPauseMs = 5000;
const maxAnswerBytes = 1_000_000;
/** Room for a choice, a quote and a figure; the reserve that budgets reckon with. */
export const answerTokens = 500;

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ total_tokens: z.number().min(0) }).optional(),
});

/** What came of one question, and what the endpoint says that it cost (null where it does not say). */
export interface Reply {
  opinion: Opinion;
  tokens: number | null;
}

type Attempt = { reply: Reply } | { again: 'timeout' | 'unreachable'; detail: string; pauseMs: number | null };

/**
 * Puts one question to an OpenAI-compatible endpoint. At most three attempts, each within the timeout; network errors, 429
 * and 5xx are tried again. Never rejects: whatever goes wrong is an opinion that says so.
 */
export async function ask(question: JudgeQuestion, config: JudgeConfig, signal: AbortSignal): Promise<Reply> {
  let last: Attempt | null = null;
  for (let attempt = 0; attempt < attempts && !signal.aborted; attempt++) {
    if (last && 'again' in last)
      await sleep(Math.min(longestPauseMs, last.pauseMs ?? firstPauseMs * 2 ** (attempt - 1)), null, { signal }).catch(
        () => undefined,
      );
    if (signal.aborted) break;
    last = await attemptOnce(question, config, signal);
    if ('reply' in last) return last.reply;
  }
  const { again, detail } = last && 'again' in last ? last : { again: 'unreachable' as const, detail: 'stopped' };
  return { opinion: { key: question.key, trouble: again, detail }, tokens: null };
}

async function attemptOnce(question: JudgeQuestion, config: JudgeConfig, signal: AbortSignal): Promise<Attempt> {
  const timeout = AbortSignal.timeout(config.timeoutMs);
  const trouble = (name: 'refused' | 'malformed', detail: string): Attempt => ({
    reply: { opinion: { key: question.key, trouble: name, detail }, tokens: null },
  });
  try {
    const response = await fetch(`${config.url}/chat/completions`, {
      method: 'POST',
      // A conversation goes to the address that was configured and to no other.
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
      headers: {
        'content-type': 'application/json',
        ...(config.key === null ? {} : { authorization: `Bearer ${config.key}` }),
      },
      body: JSON.stringify(requestOf(question, config)),
    });
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      const seconds = Number(response.headers.get('retry-after') ?? NaN);
      return {
        again: 'unreachable',
        detail: `HTTP ${response.status}`,
        pauseMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null,
      };
    }
    if (!response.ok) {
      await response.body?.cancel();
      return trouble('refused', `HTTP ${response.status}`);
    }
    const text = await readBounded(response);
    return text === null ? trouble('malformed', 'too long') : readCompletion(question, text);
  } catch {
    if (timeout.aborted) return { again: 'timeout', detail: `${config.timeoutMs} ms`, pauseMs: null };
    return { again: 'unreachable', detail: new URL(config.url).host, pauseMs: null };
  }
}

function readCompletion(question: JudgeQuestion, text: string): Attempt {
  let given: unknown = null;
  try {
    given = JSON.parse(text);
  } catch {
    // Reported below, as anything else that is no completion.
  }
  const read = completionSchema.safeParse(given);
  if (!read.success)
    return { reply: { opinion: { key: question.key, trouble: 'malformed', detail: 'no completion' }, tokens: null } };
  const { choices, usage } = read.data;
  return { reply: { opinion: readAnswer(question, choices[0]!.message.content), tokens: usage?.total_tokens ?? null } };
}

function requestOf(question: JudgeQuestion, { model, format }: JudgeConfig) {
  const schema = { name: 'opinion', strict: true, schema: answerSchema(question) };
  const forms = {
    schema: { response_format: { type: 'json_schema', json_schema: schema } },
    json: { response_format: { type: 'json_object' } },
    none: {},
  };
  return { model, messages: messagesOf(question), temperature: 0, max_tokens: answerTokens, ...forms[format] };
}

async function readBounded(response: Response): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    const chunk = part as Uint8Array;
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) return null;
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
