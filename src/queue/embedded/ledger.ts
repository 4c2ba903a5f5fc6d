import type Database from 'better-sqlite3';
import type { JobKind } from '../../session/index.ts';
import { abandoned, backoff, burstOf } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import type { DeadJob, NewJob, QueuedJob, QueueCounts, QueueSettings } from '../queue.ts';
import type { QueueClock } from './clock.ts';
import { atomically } from './database.ts';
import { prepareStatements } from './statements.ts';
import type { JobRow, LineRow, Statements } from './statements.ts';

export interface Claimed {
  job: QueuedJob;
  /** Number of this claim; never given twice. What ends the job must name it. */
  lease: number;
}

/** What one consumer wants of the ledger in one round. */
export interface Order {
  consumer: string;
  kinds: readonly JobKind[];
  free: number;
}

/** The queue's book: every method is one transaction, or joins the one that is open. */
export class Ledger {
  readonly #sqlite: Database.Database;
  readonly #do: Statements;
  readonly #clock: QueueClock;
  readonly #settings: QueueSettings;

  constructor(sqlite: Database.Database, clock: QueueClock, settings: QueueSettings) {
    this.#sqlite = sqlite;
    this.#clock = clock;
    this.#settings = settings;
    this.#do = prepareStatements(sqlite);
  }

  /** What producers and operators were told must outlive a power cut; what consumers note may be done again after it. */
  durably<T>(work: () => T): T {
    this.#sqlite.exec('PRAGMA synchronous = FULL');
    return atomically(this.#sqlite, work);
  }

  quickly<T>(work: () => T): T {
    this.#sqlite.exec('PRAGMA synchronous = NORMAL');
    return atomically(this.#sqlite, work);
  }

  add(jobs: readonly NewJob[]): number {
    return this.durably(() => {
      const now = this.#clock.now();
      let added = 0;
      for (const job of jobs) {
        const lane = job.lane ?? '';
        const payload = JSON.stringify(job.payload ?? null);
        const delay = job.delayMs ?? 0;
        const columns = [job.id, job.kind, job.group, job.priority, lane, payload] as const;
        if (delay > 0) added += this.#do.insertDelayed.run(...columns, Math.round(now + delay)).changes;
        else {
          const row = this.#do.insertWaiting.get(...columns);
          if (!row) continue;
          this.#queueUp(row.seq, job.group, job.kind, job.priority, lane);
          added++;
        }
      }
      return added;
    });
  }

  /** Whether a round could change anything; asked without holding up other writers. */
  isDue(): boolean {
    const now = this.#clock.now();
    return this.#do.isDue.get(now, now)!.due === 1;
  }

  /** When the next delayed job may start, in the queue's time. */
  nextDue(): number {
    return this.#do.nextDue.get()!.due ?? Infinity;
  }

  /** Gives back what leases ran out on and wakes what waited for its time. Returns the jobs that died of it. */
  tidy(): DeadJob[] {
    const now = this.#clock.now();
    const dead: DeadJob[] = [];
    for (const row of this.#do.lapsed.all(now))
      if (row.lost + 1 >= this.#settings.losses) dead.push(this.#bury(row, abandoned(this.#settings)));
      else this.#wait(row, row.attempt - 1, row.lost + 1);
    for (const row of this.#do.due.all(now)) this.#wait(row, row.attempt);
    return dead;
  }

  claim(order: Order): Claimed[] {
    const claimed: Claimed[] = [];
    if (order.free <= 0 || this.#do.readMeta.get('held')!.value === 1) return claimed;
    const lanes = this.#do.lanes.all();
    while (claimed.length < order.free) {
      const line = this.#nextLine(order.kinds, lanes);
      if (!line) break;
      const turn = this.#nextTurn();
      const until = this.#clock.now() + this.#settings.leaseMs;
      const row = this.#do.take.get(order.consumer, turn, until, line.line);
      if (!row) throw new Error(`line ${line.line} of the queue is empty`);
      if (!this.#do.hasNext.get(line.line)) this.#do.endLine.run(line.line);
      this.#do.turnGroup.run(turn, line.grp);
      const lane = lanes.find((one) => one.lane === line.lane)!;
      if (lane.tokens !== null) this.#do.keepTokens.run(--lane.tokens, lane.at, lane.lane);
      claimed.push({ job: jobOf(row), lease: turn });
    }
    return claimed;
  }

  /** The waiting line whose turn it is: by priority, then by the group that was served longest ago. */
  #nextLine(kinds: readonly JobKind[], lanes: { lane: string; tokens: number | null; at: number | null }[]) {
    let best: LineRow | null = null;
    for (const lane of lanes) {
      if (!this.#mayStart(lane)) continue;
      for (const kind of kinds) {
        const line = this.#do.firstLine.get(kind, lane.lane);
        if (
          line &&
          (!best || line.priority < best.priority || (line.priority === best.priority && line.turn < best.turn))
        )
          best = line;
      }
    }
    return best;
  }

  #mayStart(lane: { lane: string; tokens: number | null; at: number | null }): boolean {
    const rate = this.#settings.rates[lane.lane];
    if (lane.lane === '' || rate === undefined) {
      lane.tokens = null;
      return true;
    }
    const now = this.#clock.now();
    const burst = burstOf(rate);
    const saved = lane.tokens === null ? burst : lane.tokens + ((now - lane.at!) * rate) / 60_000;
    lane.tokens = Math.min(burst, saved);
    lane.at = now;
    return lane.tokens >= 1;
  }

  /** Ends the claim `lease` unless it was lost meanwhile. Returns the job when it died. */
  settle(lease: number, id: string, outcome: Outcome): DeadJob | null {
    const row = this.#do.leased.get(id, lease);
    if (!row) return null;
    switch (outcome.end) {
      case 'done':
        this.#do.remove.run(row.seq);
        return null;
      case 'later':
        this.#delay(row, row.attempt - 1, outcome.afterMs);
        return null;
      case 'given-up':
        return this.#bury(row, outcome.reason);
      case 'failed':
        if (row.attempt >= this.#settings.attempts) return this.#bury(row, outcome.reason);
        this.#delay(row, row.attempt, backoff(this.#settings, row.attempt));
        return null;
    }
  }

  /** Gives a claimed job back as if it had never been claimed. */
  giveBack(lease: number, id: string): void {
    const row = this.#do.leased.get(id, lease);
    if (row) this.#wait(row, row.attempt - 1);
  }

  /** Renews all leases of a consumer; returns those that it still has. */
  renew(consumer: string): Set<number> {
    this.#do.renew.run(this.#clock.now() + this.#settings.leaseMs, consumer);
    return this.leases(consumer);
  }

  leases(consumer: string): Set<number> {
    return new Set(this.#do.leasesOf.all(consumer).map((row) => row.lease));
  }

  progress(lease: number, id: string, fraction: number): void {
    this.#do.setProgress.run(fraction, id, lease);
  }

  progressOf(id: string): number | null {
    return this.#do.progressOf.get(id)?.progress ?? null;
  }

  /** Returns how many jobs are gone, waiting, delayed and running ones. */
  cancel(group: string): number {
    return this.durably(() => {
      this.#do.endLines.run(group);
      return this.#do.removeGroup.run(group).changes;
    });
  }

  hold(group: string | undefined, held: boolean): void {
    this.durably(() => {
      if (group === undefined) this.#do.writeMeta.run(held ? 1 : 0, 'held');
      else {
        (held ? this.#do.holdGroup : this.#do.freeGroup).run(group);
        this.#do.holdLines.run(held ? 1 : 0, group);
      }
    });
  }

  counts(kind?: JobKind): QueueCounts {
    const counts: QueueCounts = { waiting: 0, delayed: 0, running: 0, dead: 0 };
    for (const row of this.#do.counts.all(kind ?? null, kind ?? null)) counts[row.state] = row.n;
    return counts;
  }

  dead(group: string | undefined, after: string, limit: number): DeadJob[] {
    const rows = group === undefined ? this.#do.dead.all(after, limit) : this.#do.deadOf.all(group, after, limit);
    return rows.map((row) => ({ ...jobOf(row), reason: row.reason ?? '', diedAt: row.died_at ?? '' }));
  }

  redrive(select: { ids: readonly string[] } | { group: string }): number {
    return this.durably(() => {
      const rows =
        'ids' in select
          ? select.ids.map((id) => this.#do.deadOne.get(id)).filter((row) => row !== undefined)
          : this.#do.deadOf.all(select.group, '', -1);
      for (const row of rows) this.#wait(row, 0, 0);
      return rows.length;
    });
  }

  #wait(row: JobRow, attempt: number, lost = row.lost): void {
    this.#do.toWaiting.run(attempt, lost, row.seq);
    this.#queueUp(row.seq, row.grp, row.kind, row.priority, row.lane);
  }

  #delay(row: JobRow, attempt: number, ms: number): void {
    this.#do.toDelayed.run(attempt, Math.round(this.#clock.now() + ms), row.seq);
  }

  #bury(row: JobRow, reason: string): DeadJob {
    const diedAt = this.#clock.wallIso();
    this.#do.toDead.run(reason, diedAt, row.seq);
    return { ...jobOf(row), reason, diedAt };
  }

  /** A group that comes anew takes its place behind those that wait already, so a flow of small ones starves none. */
  #queueUp(seq: number, group: string, kind: string, priority: number, lane: string): void {
    const known = this.#do.findLine.get(group, kind, priority, lane);
    if (known) {
      this.#do.enter.run(known.line, seq);
      return;
    }
    const turn = this.#do.turnOf.get(group)?.turn ?? this.#nextTurn();
    this.#do.addLane.run(lane);
    const made = this.#do.startLine.run(group, kind, priority, lane, group, turn);
    this.#do.enter.run(made.lastInsertRowid, seq);
  }

  #nextTurn(): number {
    return this.#do.nextTurn.get()!.value;
  }
}

function jobOf(row: JobRow): QueuedJob {
  return {
    id: row.id,
    kind: row.kind,
    group: row.grp,
    priority: row.priority,
    lane: row.lane === '' ? null : row.lane,
    payload: JSON.parse(row.payload) as unknown,
    attempt: row.attempt,
  };
}
