import type { z } from 'zod';
import type { accountSchema, batchFileSchema, batchSchema, sessionSummarySchema } from '../session/index.ts';
import type { ProblemBody } from './http/problem.ts';
import type {
  auditEntrySchema,
  auditQuerySchema,
  auditVerdictSchema,
  auditVerifyQuerySchema,
} from './routes/audit/index.ts';
import type { exportQuerySchema } from './routes/exports/index.ts';
import type {
  endedSchema,
  endLiveSchema,
  liveAlertSchema,
  liveStateSchema,
  liveTurnsSchema,
  openedSchema,
  openLiveSchema,
} from './routes/live/schemas.ts';
import type {
  deadJobsSchema,
  deadQuerySchema,
  groupBodySchema,
  pausedSchema,
  queueStateSchema,
  redriveBodySchema,
  redrivenSchema,
} from './routes/queue/schemas.ts';
import type { comparedReportSchema, periodQuerySchema } from './routes/reports/schemas.ts';
import type {
  publishBodySchema,
  publishedAnswerSchema,
  publishedListSchema,
  scorecardSchema,
  versionsSchema,
} from './routes/scorecards/schemas.ts';
import type { heldSchema, queuedSchema, sessionDetailSchema, sessionsQuerySchema } from './routes/sessions/schemas.ts';
import type {
  deliverySchema,
  newWebhookSchema,
  sentSchema,
  webhookChangeSchema,
  webhookListSchema,
  webhookSchema,
  webhookSecretSchema,
} from './routes/webhooks/schemas.ts';

// The client of other programs: types of the server’s own schemas, none of its code.

export interface ClientOptions {
  /** Where the server is, as in `https://quality.example.com`. */
  url: string;
  /** An API token, `ew_…`. */
  token: string;
  /** Default: the `fetch` of the platform. */
  fetch?: typeof fetch;
  /** Times that a request is sent again after 429 and 503, and reads after a broken line; default 4. */
  retries?: number;
  /** Waits between tries where the server states none; default 500 ms, doubled each time. */
  backoffMs?: number;
}

/** A refusal of the server, with its problem+json. */
export class EarwitnessApiError extends Error {
  readonly status: number;
  /** Of the closed set in docs/reference/http-errors.md. */
  readonly code: string;
  readonly hint: string | null;
  readonly problem: ProblemBody | null;

  constructor(status: number, problem: ProblemBody | null) {
    super(problem?.detail ?? `The server answered ${status}.`);
    this.name = 'EarwitnessApiError';
    this.status = status;
    this.code = problem?.code ?? 'unknown';
    this.hint = problem?.hint ?? null;
    this.problem = problem;
  }
}

type In<T extends z.ZodType> = z.input<T>;
type Out<T extends z.ZodType> = z.output<T>;
interface Page<T> {
  items: T[];
  next: string | null;
}
type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One event of a server-sent stream. */
export interface ServerEvent<T> {
  id: string | null;
  event: string;
  data: T;
}

interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  query?: object | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}
interface Waiting {
  signal?: AbortSignal;
}

/** A client of one server, in the name of one API token. */
export function createClient(options: ClientOptions) {
  const { token, retries = 4, backoffMs = 500 } = options;
  const send = options.fetch ?? fetch;
  const base = `${options.url.replace(/\/+$/, '')}/api/v1`;

  /** The answer, whatever it holds; tried again where that makes sense. */
  const request = async (
    path: string,
    { method = 'GET', query, body, headers, signal }: Call = {},
  ): Promise<Response> => {
    const url = `${base}${path}${search(query as Query | undefined)}`;
    for (let attempt = 0; ; attempt++) {
      let answer: Response;
      try {
        answer = await send(url, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          ...(signal ? { signal } : {}),
          // A token goes to the server that it was made for, and nowhere else.
          redirect: 'error',
        });
      } catch (error) {
        if (signal?.aborted || method !== 'GET' || attempt >= retries) throw error;
        await pause(backoffMs * 2 ** attempt, signal);
        continue;
      }
      if (answer.ok) return answer;
      if ((answer.status !== 429 && answer.status !== 503) || attempt >= retries) throw await refusal(answer);
      await answer.body?.cancel();
      await pause(retryAfter(answer) ?? backoffMs * 2 ** attempt, signal);
    }
  };

  const json = async <T>(path: string, call?: Call): Promise<T> => {
    const answer = await request(path, call);
    return (answer.status === 204 ? null : await answer.json()) as T;
  };

  /** Every item of a list, page after page, as it is asked for. */
  async function* all<T>(path: string, query: object = {}, signal?: AbortSignal): AsyncGenerator<T, void> {
    let cursor: string | undefined;
    do {
      const page = await json<Page<T>>(path, { query: { ...query, ...(cursor ? { cursor } : {}) }, signal });
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  /** Events of a stream until the server ends it; a line that breaks is taken up where it was. */
  async function* events<T>(path: string, { signal }: Waiting = {}): AsyncGenerator<ServerEvent<T>, void> {
    let last: string | null = null;
    for (let broken = 0; ;) {
      const headers = { accept: 'text/event-stream', ...(last === null ? {} : { 'last-event-id': last }) };
      const answer = await request(path, { headers, signal });
      if (answer.status === 204 || !answer.body) return;
      try {
        for await (const one of parseEvents<T>(answer.body)) {
          broken = 0;
          last = one.id ?? last;
          yield one;
          if (one.event === 'end') return;
        }
      } catch (error) {
        if (signal?.aborted || broken >= retries) throw error;
      }
      // The server closed it without an end (a restart): come back a little later.
      if (++broken > retries) return;
      await pause(backoffMs * 2 ** broken, signal);
    }
  }

  const post = <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
    json<T>(path, { method: 'POST', body, ...(headers ? { headers } : {}) });
  const key = encodeURIComponent;

  return {
    me: () => json<{ account: Out<typeof accountSchema> }>('/me'),

    sessions: {
      /** One page. */
      page: (query: Partial<In<typeof sessionsQuerySchema>> = {}) =>
        json<Page<Out<typeof sessionSummarySchema>>>('/sessions', { query }),
      /** All of them, page after page. */
      list: (query: Partial<In<typeof sessionsQuerySchema>> = {}, signal?: AbortSignal) =>
        all<Out<typeof sessionSummarySchema>>('/sessions', query, signal),
      get: (id: string, query: { raw?: boolean } = {}) =>
        json<Out<typeof sessionDetailSchema>>(`/sessions/${key(id)}`, { query }),
      /** The sound, or the bytes `start` up to and with `end` of it. */
      recording: (id: string, range?: { start: number; end?: number }) =>
        request(
          `/sessions/${key(id)}/recording`,
          range ? { headers: { range: `bytes=${range.start}-${range.end ?? ''}` } } : {},
        ),
      report: async (id: string, query: { raw?: boolean; language?: 'en' | 'zh' } = {}) =>
        (await request(`/sessions/${key(id)}/report.html`, { query })).text(),
      vcon: (id: string, query: { raw?: boolean } = {}) =>
        json<Record<string, unknown>>(`/sessions/${key(id)}/vcon`, { query }),
      hold: (id: string, reason: string) => post<Out<typeof heldSchema>>(`/sessions/${key(id)}/hold`, { reason }),
      release: (id: string) => json<Out<typeof heldSchema>>(`/sessions/${key(id)}/hold`, { method: 'DELETE' }),
      reinspect: (id: string) => post<Out<typeof queuedSchema>>(`/sessions/${key(id)}/reinspect`),
    },

    live: {
      open: (contact: In<typeof openLiveSchema>) => post<Out<typeof openedSchema>>('/sessions/live', contact),
      say: (id: string, turns: In<typeof liveTurnsSchema>['turns']) =>
        post<Out<typeof liveStateSchema>>(`/sessions/${key(id)}/turns`, { turns }),
      end: (id: string, more: In<typeof endLiveSchema> = {}) =>
        post<Out<typeof endedSchema>>(`/sessions/${key(id)}/end`, more),
      /** Alerts as they are raised, those that are there first; ends with the contact. */
      alerts: async function* (id: string, waiting: Waiting = {}): AsyncGenerator<Out<typeof liveAlertSchema>, void> {
        for await (const { event, data } of events<Out<typeof liveAlertSchema>>(`/sessions/${key(id)}/alerts`, waiting))
          if (event === 'alert') yield data;
      },
    },

    batches: {
      page: (query: { limit?: number; cursor?: string; state?: string } = {}) =>
        json<Page<Out<typeof batchSchema>>>('/batches', { query }),
      list: (query: { state?: string } = {}, signal?: AbortSignal) =>
        all<Out<typeof batchSchema>>('/batches', query, signal),
      get: (id: string) => json<Out<typeof batchSchema>>(`/batches/${key(id)}`),
      files: (id: string, signal?: AbortSignal) =>
        all<Out<typeof batchFileSchema>>(`/batches/${key(id)}/files`, {}, signal),
      /** Progress as it goes on, until the batch is through. */
      progress: (id: string, waiting: Waiting = {}) =>
        events<Record<string, unknown>>(`/batches/${key(id)}/events`, waiting),
    },

    reports: {
      period: (query: In<typeof periodQuerySchema>) =>
        json<Out<typeof comparedReportSchema>>('/reports/period', { query }),
      periodCsv: async (query: In<typeof periodQuerySchema>) =>
        (await request('/reports/period.csv', { query })).text(),
    },

    exports: {
      /** A table for spreadsheets, as it is made. */
      csv: async (query: Partial<In<typeof exportQuerySchema>> = {}, signal?: AbortSignal) =>
        (await request('/exports/sessions.csv', { query, signal })).body!,
      /** Whole sessions, one after the other. */
      sessions: async function* (
        query: Partial<In<typeof exportQuerySchema>> = {},
        signal?: AbortSignal,
      ): AsyncGenerator<{ key: string; result: NonNullable<Out<typeof sessionDetailSchema>['result']> }, void> {
        const answer = await request('/exports/sessions.ndjson', { query, signal });
        for await (const line of linesOf(answer.body!))
          if (line !== '')
            yield JSON.parse(line) as { key: string; result: NonNullable<Out<typeof sessionDetailSchema>['result']> };
      },
    },

    webhooks: {
      list: async () => (await json<Out<typeof webhookListSchema>>('/webhooks')).items,
      create: (webhook: In<typeof newWebhookSchema>) => post<Out<typeof webhookSecretSchema>>('/webhooks', webhook),
      get: (id: string) => json<Out<typeof webhookSchema>>(`/webhooks/${key(id)}`),
      update: (id: string, change: In<typeof webhookChangeSchema>) =>
        json<Out<typeof webhookSchema>>(`/webhooks/${key(id)}`, { method: 'PATCH', body: change }),
      remove: (id: string) => json<null>(`/webhooks/${key(id)}`, { method: 'DELETE' }),
      rotateSecret: (id: string) => post<Out<typeof webhookSecretSchema>>(`/webhooks/${key(id)}/secret`),
      ping: (id: string) => post<Out<typeof sentSchema>>(`/webhooks/${key(id)}/ping`),
      deliveries: (id: string, signal?: AbortSignal) =>
        all<Out<typeof deliverySchema>>(`/webhooks/${key(id)}/deliveries`, {}, signal),
      redeliver: (id: string, delivery: string) =>
        post<Out<typeof sentSchema>>(`/webhooks/${key(id)}/deliveries/${key(delivery)}/redeliver`),
    },

    scorecards: {
      list: async () => (await json<Out<typeof publishedListSchema>>('/scorecards')).items,
      get: (id: string, query: { version?: string } = {}) =>
        json<Out<typeof scorecardSchema>>(`/scorecards/${key(id)}`, { query }),
      versions: async (id: string) => (await json<Out<typeof versionsSchema>>(`/scorecards/${key(id)}/versions`)).items,
      /** With an idempotency key of your own it can be sent again safely. */
      publish: (card: In<typeof publishBodySchema>, more: { dryRun?: boolean; idempotencyKey?: string } = {}) =>
        json<Out<typeof publishedAnswerSchema>>('/scorecards', {
          method: 'POST',
          body: card,
          query: { dryRun: more.dryRun },
          ...(more.idempotencyKey ? { headers: { 'idempotency-key': more.idempotencyKey } } : {}),
        }),
    },

    audit: {
      list: (query: Partial<In<typeof auditQuerySchema>> = {}, signal?: AbortSignal) =>
        all<Out<typeof auditEntrySchema>>('/audit', query, signal),
      verify: (known: In<typeof auditVerifyQuerySchema> = {}) =>
        json<Out<typeof auditVerdictSchema>>('/audit/verify', { query: known }),
    },

    queue: {
      get: () => json<Out<typeof queueStateSchema>>('/queue'),
      dead: (query: Partial<In<typeof deadQuerySchema>> = {}) =>
        json<Out<typeof deadJobsSchema>>('/queue/dead', { query }),
      redrive: (select: In<typeof redriveBodySchema>) => post<Out<typeof redrivenSchema>>('/queue/redrive', select),
      pause: (group: In<typeof groupBodySchema> = {}) => post<Out<typeof pausedSchema>>('/queue/pause', group),
      resume: (group: In<typeof groupBodySchema> = {}) => post<Out<typeof pausedSchema>>('/queue/resume', group),
    },
  };
}
export type EarwitnessClient = ReturnType<typeof createClient>;

function search(query: Query = {}): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
  );
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}

async function refusal(answer: Response): Promise<EarwitnessApiError> {
  const type = answer.headers.get('content-type') ?? '';
  const body = type.includes('json') ? ((await answer.json().catch(() => null)) as ProblemBody | null) : null;
  return new EarwitnessApiError(answer.status, body);
}

/** Whatever a server asks for, a program does not sleep longer than this. */
const longestWaitMs = 120_000;

function retryAfter(answer: Response): number | null {
  const header = answer.headers.get('retry-after');
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), longestWaitMs);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason instanceof Error ? signal!.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      pending += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = pending.split(/\r\n|\n/);
      pending = lines.pop()!;
      yield* lines;
      if (!done) continue;
      if (pending !== '') yield pending;
      return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Server-sent events (WHATWG HTML, 9.2.6) whose data are JSON. */
async function* parseEvents<T>(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent<T>, void> {
  let id: string | null = null;
  let event = 'message';
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (data.length > 0) yield { id, event, data: JSON.parse(data.join('\n')) as T };
      event = 'message';
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  }
}
