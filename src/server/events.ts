import { EventEmitter } from 'node:events';

/** What happens in this process that somebody may be waiting for. Nothing rests on it: who missed it asks the store. */
export interface EventMap {
  /** Counts or state of a batch changed. */
  batch: { id: string };
  recorded: { key: string; batchId: string; band: string | null };
  alert: { key: string; batchId: string; item: string };
  /** A running contact is over. */
  'live-ended': { key: string };
  'batch-finished': { id: string };
}

export class Events {
  readonly #bus = new EventEmitter({ captureRejections: true }).setMaxListeners(0);

  emit<K extends keyof EventMap>(name: K, event: EventMap[K]): void {
    this.#bus.emit(name, event);
  }

  /** Returns the way to stop listening. */
  on<K extends keyof EventMap>(name: K, listener: (event: EventMap[K]) => void): () => void {
    this.#bus.on(name, listener);
    return () => this.#bus.off(name, listener);
  }
}
