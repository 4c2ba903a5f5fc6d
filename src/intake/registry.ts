import type { Format, FormatId } from './types.ts';
import { formatIds } from './types.ts';

/**
 * The formats in the order in which they are asked. Throws at start when a format of the closed list has no adapter,
 * when one has two, or when two claim one extension: whoever adds a format learns it before any user does.
 */
export function createRegistry(adapters: readonly Format[]): readonly Format[] {
  const faults: string[] = [];
  const byId = new Map<FormatId, Format>();
  const byExtension = new Map<string, FormatId>();
  for (const adapter of adapters) {
    if (!formatIds.includes(adapter.id)) faults.push(`"${String(adapter.id)}" is not in the list of formats`);
    else if (byId.has(adapter.id)) faults.push(`"${adapter.id}" is there twice`);
    byId.set(adapter.id, adapter);
    for (const extension of adapter.extensions) {
      const other = byExtension.get(extension);
      if (other !== undefined) faults.push(`"${extension}" is claimed by both ${other} and ${adapter.id}`);
      byExtension.set(extension, adapter.id);
    }
  }
  for (const id of formatIds) if (!byId.has(id)) faults.push(`"${id}" has no adapter`);
  if (faults.length > 0) throw new Error(`The intake formats do not add up: ${faults.join('; ')}.`);
  return formatIds.map((id) => byId.get(id)!);
}
