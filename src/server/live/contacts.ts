import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { SessionResult, SessionSummary, Turn } from '../../session/index.ts';
import type { NewSession, Scope } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem, notFound } from '../http/problem.ts';
import { redactSummary } from '../http/redact.ts';
import type { endLiveSchema, liveStateSchema, liveTurnSchema, openLiveSchema } from '../routes/live/schemas.ts';
import { announce, sessionData } from '../webhooks/announce.ts';
import { inspectJobs } from '../work/jobs.ts';
import { type LiveJudge, openJudge } from './judge-child.ts';
import type { CardTexts, LiveAlert } from './protocol.ts';

const mostTurns = 2_000;

type GivenTurn = z.infer<typeof liveTurnSchema>;
type State = z.infer<typeof liveStateSchema>;

/** Running contacts: opened, said word by word, ended. What they are judged by lies in the store, nothing in memory. */
export class LiveContacts {
  readonly #context: Context;
  readonly #judge: LiveJudge;
  /** Turns of one contact are taken one request after the other. */
  readonly #turnOf = new Map<string, Promise<unknown>>();

  constructor(context: Context, judge?: LiveJudge) {
    this.#context = context;
    this.#judge = judge ?? openJudge({ card: (hash) => cardTexts(context, hash) });
  }

  close(): Promise<void> {
    return this.#judge.close();
  }

  /** Opens a contact; one that is open already is answered as it is. */
  async open(given: z.infer<typeof openLiveSchema>): Promise<{ summary: SessionSummary; opened: boolean }> {
    const { store, now } = this.#context;
    const { id, team, startedAt, ...rest } = given;
    const key = `live-${hashOf([team, id])}`;
    return this.#alone(key, async () => {
      const before = await store.sessions.summary(key, { kind: 'all' });
      if (before) {
        if (before.state === 'live') return { summary: before, opened: false };
        throw new HttpProblem(
          409,
          'conflict',
          'A contact of this id has ended already.',
          'Give each contact an id of its own.',
        );
      }
      const session: NewSession = {
        key,
        batchId: await this.#batch(team),
        fileId: '',
        state: 'live',
        session: {
          id,
          team,
          ...rest,
          startedAt: startedAt ?? now().toISOString(),
          recording: null,
          transcript: {
            origin: rest.channel === 'call' ? 'given' : 'written',
            recogniser: null,
            confidence: null,
            wordTimes: false,
            caveats: [],
          },
          turns: [],
        },
        source: { path: `live/${id}`, entry: null },
        notices: [],
        recordingSha256: null,
        channelRoles: null,
      };
      await store.sessions.addWaiting([session]);
      const summary = await store.sessions.summary(key, { kind: 'all' });
      return { summary: summary!, opened: true };
    });
  }

  /** Takes turns in order and judges what was said so far. Turns that are there already change nothing. */
  async say(key: string, scope: Scope, given: readonly GivenTurn[]): Promise<State> {
    return this.#alone(key, async () => {
      const { summary, session } = await this.#running(key, scope);
      const turns = joined(session, given, this.#context.now());
      const raised = await this.alerts(key);
      const state = await this.#judged(summary, { ...session, session: { ...session.session, turns } }, raised);
      const [first, last] = [given[0]!.n, given.at(-1)!.n];
      return { ...state, alerts: state.alerts.filter(({ turn }) => turn >= first && turn <= last) };
    });
  }

  /** All alerts of a contact so far. */
  async alerts(key: string): Promise<LiveAlert[]> {
    const found = await this.#context.store.sessions.result(key, { kind: 'all' });
    return (found?.result as (SessionResult & { alerts?: LiveAlert[] }) | undefined)?.alerts ?? [];
  }

  /** Ends a contact and queues its final inspection, which replaces what was judged so far. May be called again. */
  async end(
    key: string,
    scope: Scope,
    { attributes }: z.infer<typeof endLiveSchema>,
  ): Promise<SessionSummary['state']> {
    const { store, queue, config, events } = this.#context;
    return this.#alone(key, async () => {
      const summary = await store.sessions.summary(key, scope);
      if (!summary) throw notFound('The contact');
      if (summary.state === 'recorded' || summary.state === 'dead') return summary.state;
      const session = await this.#read(key);
      const ended: NewSession = {
        ...session,
        state: 'waiting',
        session: { ...session.session, attributes: { ...attributes, ...session.session.attributes } },
      };
      if (summary.state === 'live') await store.sessions.updateLive(ended, null);
      const batch = await store.batches.get(summary.batchId, { kind: 'all' });
      if (batch) await queue.add(inspectJobs([ended], batch.settings, config.secret));
      events.emit('live-ended', { key });
      return 'waiting';
    });
  }

  /** Stores the words with what they were judged to be; webhooks first, so that none is lost when the process ends between. */
  async #judged(summary: SessionSummary, session: NewSession, raised: readonly LiveAlert[]): Promise<State> {
    const { store, events, log } = this.#context;
    const { key } = session;
    const base = { key, turns: session.session.turns.length };
    const cards = (await store.bundles.published()).toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ hash }) => hash);
    let judgement;
    try {
      judgement = await this.#judge.judge({ ordered: session, cards, raised });
    } catch (error) {
      log.error({ err: error, key }, 'a running contact could not be judged');
      await store.sessions.updateLive(session, null);
      return { ...base, judged: false, scorecard: null, verdicts: [], alerts: [...raised] };
    }
    const { scorecard, verdicts, alerts, finished } = judgement;
    const fresh = alerts.slice(raised.length);
    for (const alert of fresh) {
      const { evidence: _evidence, ...told } = alert;
      await announce(this.#context, {
        event: 'alert.live',
        subject: `${key}:${alert.item}`,
        team: summary.team,
        data: { ...sessionData(this.#context, redactSummary(summary)), ...told },
      });
    }
    await store.sessions.updateLive(session, finished);
    for (const { item } of fresh) events.emit('alert', { key, batchId: session.batchId, item });
    return { ...base, judged: true, scorecard, verdicts, alerts };
  }

  async #running(key: string, scope: Scope): Promise<{ summary: SessionSummary; session: NewSession }> {
    const summary = await this.#context.store.sessions.summary(key, scope);
    if (!summary) throw notFound('The contact');
    if (summary.state !== 'live') throw new HttpProblem(409, 'conflict', 'The contact has ended.');
    return { summary, session: await this.#read(key) };
  }

  async #read(key: string): Promise<NewSession> {
    const [found] = await this.#context.store.sessions.waiting([key]);
    if (!found) throw notFound('The contact');
    const { batchId, fileId, session, source, notices, recordingSha256, channelRoles } = found;
    return { key, batchId, fileId, state: 'live', session, source, notices, recordingSha256, channelRoles };
  }

  /** Contacts of a month and team are a batch, so that whoever sees the team's batches sees them. */
  async #batch(team: string | null): Promise<string> {
    const { store, config, now } = this.#context;
    const month = now().toISOString().slice(0, 7);
    const id = `live-${month}${team === null ? '' : `-${hashOf([team]).slice(0, 8)}`}`;
    const batch = await store.batches.create({
      id,
      title: `Live ${month}`,
      team,
      createdBy: 'live',
      settings: { language: null, scorecards: [], priority: 0, agentChannel: 'left', recogniser: config.recogniser },
    });
    if (batch.state === 'cancelled')
      throw new HttpProblem(409, 'conflict', `The batch ${id} of live contacts was cancelled; none is taken in it.`);
    return id;
  }

  async #alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turnOf.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#turnOf.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#turnOf.get(key) === settled) this.#turnOf.delete(key);
    }
  }
}

/** The contact's turns with the new ones behind. Refuses gaps, other words under a known number, and a clock that runs back. */
function joined({ session }: NewSession, given: readonly GivenTurn[], now: Date): Turn[] {
  const turns = [...session.turns];
  for (const turn of given) {
    const known = turns[turn.n - 1];
    if (known) {
      if (known.speaker !== turn.speaker || known.text !== turn.text)
        throw new HttpProblem(
          409,
          'conflict',
          `Turn ${turn.n} is there already, with other words.`,
          `What was said stays; the next turn is ${turns.length + 1}.`,
        );
      continue;
    }
    if (turn.n !== turns.length + 1)
      throw new HttpProblem(
        409,
        'conflict',
        `Turn ${turns.length + 1} comes next, not ${turn.n}.`,
        'Send turns in order.',
      );
    if (turns.length >= mostTurns)
      throw new HttpProblem(422, 'request-invalid', `A contact has at most ${mostTurns} turns.`, 'End it.');
    turns.push(timed(session, turn, turns.at(-1), now));
  }
  return turns;
}

/** Calls state when a turn starts and ends; messages come when they come. */
function timed(session: NewSession['session'], turn: GivenTurn, last: Turn | undefined, now: Date): Turn {
  const { n, speaker, text, visibility, auto, author } = turn;
  const floor = last?.startMs ?? 0;
  const refuse = (field: string, message: string) =>
    new HttpProblem(422, 'request-invalid', `Turn ${n}: ${message}`, null, {
      errors: [{ path: `body.turns.${field}`, message }],
    });
  const call = session.channel === 'call';
  if (call && (turn.startMs === undefined || turn.endMs === undefined))
    throw refuse('startMs', 'a turn of a call needs startMs and endMs.');
  const sinceStart = now.getTime() - Date.parse(session.startedAt ?? now.toISOString());
  const startMs = turn.startMs ?? Math.max(floor, Math.round(sinceStart));
  if (startMs < floor)
    throw refuse('startMs', `it starts at ${startMs} ms, before the turn ahead of it (${floor} ms).`);
  const endMs = call ? turn.endMs! : startMs;
  if (call && endMs <= startMs) throw refuse('endMs', 'a turn of a call ends after it starts.');
  return {
    n,
    speaker,
    startMs,
    endMs,
    text,
    visibility,
    ...(auto === undefined ? {} : { auto }),
    ...(author === undefined ? {} : { author }),
  };
}

async function cardTexts({ store }: Pick<Context, 'store'>, hash: string): Promise<CardTexts> {
  const pinned = await store.bundles.get('scorecard', hash);
  if (!pinned) throw new Error(`The store does not hold the scorecard ${hash}.`);
  const texts = new Map<string, string>();
  for (const { path, sha256 } of pinned.files) {
    const bytes = await store.bundles.artefact(sha256);
    if (bytes) texts.set(path, Buffer.from(bytes).toString('utf8'));
  }
  return { hash, path: pinned.path, texts };
}

function hashOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
