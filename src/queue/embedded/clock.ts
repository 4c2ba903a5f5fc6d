import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { atomically, hold } from './database.ts';

/** Times as the machine tells them; tests put their own in its place. */
export interface MachineClock {
  /** Wall-clock milliseconds: what people and NTP may set at will. */
  wall(): number;
  /** Milliseconds that only ever grow while the machine is up; the same for all of its processes. */
  monotonic(): number;
  /** Changes with every start of the machine; empty where the system does not tell. */
  boot: string;
}

export const machineClock: MachineClock = {
  wall: () => Date.now(),
  monotonic: () => Number(process.hrtime.bigint() / 1_000_000n),
  boot: bootId(),
};

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

interface Anchor {
  boot: string;
  monotonic: number;
  wall: number;
  queue: number;
}

/**
 * The queue's own time, in which leases and delays are kept. It walks with the machine's monotonic clock, so setting the
 * wall clock moves nothing; across a restart of the machine it is carried on by the wall clock, never backwards.
 */
export class QueueClock {
  readonly #machine: MachineClock;
  readonly #sqlite: Database.Database;
  readonly #write: Database.Statement<[string]>;
  #anchor: Anchor;

  constructor(sqlite: Database.Database, machine: MachineClock) {
    this.#machine = machine;
    this.#sqlite = sqlite;
    this.#write = hold(sqlite.prepare(`INSERT OR REPLACE INTO meta VALUES ('clock', ?)`));
    const read = hold(sqlite.prepare<[], { value: string }>(`SELECT value FROM meta WHERE name = 'clock'`));
    this.#anchor = atomically(sqlite, () => {
      const row = read.get();
      return this.#keep(row ? this.#carriedOn(JSON.parse(row.value) as Anchor) : 0);
    });
  }

  now(): number {
    return this.#anchor.queue + (this.#machine.monotonic() - this.#anchor.monotonic);
  }

  wallIso(): string {
    return new Date(this.#machine.wall()).toISOString();
  }

  /** Notes where time stands, so that a restart of the machine loses little of it. */
  note(): void {
    this.#anchor = atomically(this.#sqlite, () => this.#keep(this.now()));
  }

  #carriedOn(old: Anchor): number {
    const passed = this.#machine.monotonic() - old.monotonic;
    // The monotonic clock starts anew with the machine. Where that shows neither by its id nor by a smaller value, less time
    // seems to have passed than has: something waits longer than it had to, nothing runs twice.
    if (this.#machine.boot === old.boot && passed >= 0) return old.queue + passed;
    return old.queue + Math.max(0, this.#machine.wall() - old.wall);
  }

  #keep(queue: number): Anchor {
    const { boot } = this.#machine;
    const anchor = { boot, monotonic: this.#machine.monotonic(), wall: this.#machine.wall(), queue };
    this.#write.run(JSON.stringify(anchor));
    return anchor;
  }
}
