import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNodeError } from '../../session/index.ts';
import { archiveError } from './problems.ts';

/**
 * A folder in the system's temporary folder, made when first asked for, whose name tells whose it is: what a killed
 * process left in one is removed by the next. Nobody else may read it.
 */
export function openTempFolder(): { path(): string; remove(): void } {
  let made: string | null = null;
  const remove = () => {
    if (made !== null) rmSync(made, { recursive: true, force: true });
    made = null;
  };
  return {
    path: () => {
      if (made !== null) return made;
      const base = tmpdir();
      // Process ids say nothing across machines or containers that share the folder.
      const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
      sweep(base, new RegExp(`^earwitness-s3-${machine}-(\\d+)-\\w{6}$`));
      try {
        made = mkdtempSync(join(base, `earwitness-s3-${machine}-${process.pid}-`));
      } catch (error) {
        throw archiveError(error, base);
      }
      process.once('exit', remove);
      return made;
    },
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

function sweep(base: string, pattern: RegExp): void {
  try {
    for (const name of readdirSync(base)) {
      const pid = pattern.exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(base, name), { recursive: true, force: true });
    }
  } catch {
    // Tidying up after others never keeps anybody from starting.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isNodeError(error) && error.code === 'EPERM';
  }
}
