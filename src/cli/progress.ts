import cliProgress from 'cli-progress';
import type { BatchEvent } from '../pipeline/index.ts';

/** Shows a batch's progress on standard error: a bar on a terminal, plain lines elsewhere. */
export interface Progress {
  on(event: BatchEvent): void;
  done(): void;
}

interface Counts {
  found: number;
  heard: number;
  inspected: number;
  failed: number;
}

/** `kind`: `bar` on a terminal, `lines` in CI or a pipe, `none` with --quiet. */
export function createProgress(kind: 'bar' | 'lines' | 'none', stream: NodeJS.WriteStream): Progress {
  if (kind === 'none') return { on: () => undefined, done: () => undefined };
  return kind === 'bar' ? bar(stream) : lines(stream);
}

function count(counts: Counts, event: BatchEvent): void {
  if (event.type === 'found') counts.found++;
  else if (event.type === 'transcribed') counts.heard++;
  else if (event.type === 'inspected') counts.inspected++;
  else if (event.type === 'failed') counts.failed++;
}

function bar(stream: NodeJS.WriteStream): Progress {
  const counts: Counts = { found: 0, heard: 0, inspected: 0, failed: 0 };
  const parts = new Map<string, number>();
  const shown = new cliProgress.SingleBar(
    {
      format:
        '{bar} {percentage}% of {recordings} recordings · {inspected} sessions inspected{failed} · ETA {eta_formatted}',
      stream,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  const payload = () => ({
    recordings: counts.found,
    inspected: counts.inspected,
    failed: counts.failed > 0 ? `, ${counts.failed} failed` : '',
  });
  return {
    on(event) {
      count(counts, event);
      if (event.type === 'transcribing') parts.set(event.id, event.fraction);
      if (event.type === 'transcribed') parts.delete(event.id);
      if (counts.found === 0) return;
      if (!started) {
        shown.start(counts.found, 0, payload());
        started = true;
      }
      shown.setTotal(counts.found);
      const partly = [...parts.values()].reduce((sum, part) => sum + part, 0);
      shown.update(Math.min(counts.found, counts.heard + partly), payload());
    },
    done() {
      if (started) shown.stop();
    },
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  const counts: Counts = { found: 0, heard: 0, inspected: 0, failed: 0 };
  return {
    on(event) {
      count(counts, event);
      if (event.type === 'recogniser')
        stream.write(`recogniser for ${event.language}: ${event.choice.name}. ${event.choice.reason.en}\n`);
      else if (event.type === 'transcribed')
        stream.write(
          `heard ${counts.heard} of ${counts.found} recordings: ${event.path}${event.kept ? ' (kept from an earlier run)' : ''}\n`,
        );
      else if (event.type === 'failed') stream.write(`failed: ${event.problem.path}: ${event.problem.message}\n`);
    },
    done: () => undefined,
  };
}
