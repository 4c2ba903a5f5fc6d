import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** Resident memory of this process and all its descendants, in MB, sampled while `work` runs. */
export async function withPeakMemory<T>(
  work: () => Promise<T>,
): Promise<{ value: T; peakMb: number; seconds: number }> {
  let peak = residentMb();
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMb());
  }, 100);
  const start = performance.now();
  try {
    const value = await work();
    return { value, peakMb: Math.max(peak, residentMb()), seconds: (performance.now() - start) / 1000 };
  } finally {
    clearInterval(timer);
  }
}

/** Sum of VmRSS over this process tree, from /proc; 0 where there is no /proc. */
function residentMb(): number {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
        resident.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
      } catch {
        // A process that ended between listing and reading holds no memory any more.
      }
    }
  } catch {
    return 0;
  }
  const ours = (pid: number): boolean => pid === process.pid || (parents.has(pid) && ours(parents.get(pid)!));
  return [...resident].reduce((sum, [pid, mb]) => sum + (ours(pid) ? mb : 0), 0);
}

export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}

/** One line on what was measured where. */
export function machine(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${process.platform} ${process.arch}`;
}

export function table(header: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
