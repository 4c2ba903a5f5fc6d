import { EarwitnessError, type Role } from '../session/index.ts';
import { decodeFile } from './decode.ts';
import { channelsIdentical } from './identical.ts';
import type { Inspected } from './inspect.ts';
import type { Replay } from './replay.ts';
import type { Block } from './types.ts';

/** How the file's channels become the channels that are listened to. */
export interface Layout {
  roles: Role[];
  /** All channels are averaged into one. */
  mix: boolean;
  identical: boolean;
}

/**
 * Decides by content and by the roles that the user named. Two channels that are one signal become one; one channel, or
 * more than two without a role for each, are mixed. Throws `usage` when two channels got a wrong number of roles.
 */
export async function chooseLayout(
  input: Inspected,
  stream: Replay,
  wanted: readonly Role[],
  signal: AbortSignal | undefined,
): Promise<Layout> {
  const { channels } = input.probe;
  if (channels === 2 && (await sameTwice(input, stream, signal))) {
    return { roles: ['mixed'], mix: true, identical: true };
  }
  if (wanted.length === channels) return { roles: [...wanted], mix: false, identical: false };
  if (channels === 2) {
    throw new EarwitnessError(
      'usage',
      input.path,
      `This recording has 2 channels, but ${wanted.length} channel roles were given.`,
      'Name one role per channel, left first: agent,customer or customer,agent.',
    );
  }
  return { roles: ['mixed'], mix: channels > 1, identical: false };
}

/** The first seconds of sound nearly always tell; only where they do not is the file decoded once more for the rest. */
async function sameTwice(input: Inspected, stream: Replay, signal: AbortSignal | undefined): Promise<boolean> {
  const same = await channelsIdentical(stream.beginning());
  return stream.exhausted ? channelsIdentical(decodeFile(input, () => {}, signal)) : same;
}

/** The average of all channels. */
export function mixDown(block: Block): Float32Array {
  const mixed = new Float32Array(block[0]?.length ?? 0);
  for (const channel of block) for (let at = 0; at < mixed.length; at++) mixed[at]! += channel[at]! / block.length;
  return mixed;
}
