import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replay } from './replay.ts';
import { SAMPLE_RATE, type Block } from './types.ts';

function source(
  blocks: number,
  samples: number,
): { stream: AsyncGenerator<Block>; state: { read: number; ended: boolean } } {
  const state = { read: 0, ended: false };
  async function* stream(): AsyncGenerator<Block> {
    try {
      for (; state.read < blocks; state.read++) yield [new Float32Array(samples).fill(state.read)];
    } finally {
      state.ended = true;
    }
  }
  return { stream: stream(), state };
}

async function valuesOf(stream: AsyncIterable<Block>): Promise<number[]> {
  const values: number[] = [];
  for await (const block of stream) values.push(block[0]![0]!);
  return values;
}

describe('a replayed stream', () => {
  it('gives every block once and in order, however much of it was looked at before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(12), fc.nat(14), async (blocks, looked) => {
        const { stream, state } = source(blocks, 10);
        const replay = new Replay(stream);
        let n = 0;
        if (looked > 0) for await (const _ of replay.beginning()) if (++n >= looked) break;
        expect(await valuesOf(replay.blocks())).toEqual(Array.from({ length: blocks }, (_, i) => i));
        expect([state.ended, replay.exhausted]).toEqual([true, false]);
      }),
    );
  });

  it('keeps no more than a minute and says when that was not enough', async () => {
    const { stream } = source(100, SAMPLE_RATE);
    const replay = new Replay(stream);
    expect((await valuesOf(replay.beginning())).length).toBe(60);
    expect(replay.exhausted).toBe(true);
    expect((await valuesOf(replay.blocks())).length).toBe(100);
  });

  it('ends its source when it is left early', async () => {
    const { stream, state } = source(5, 10);
    for await (const _ of new Replay(stream).blocks()) break;
    expect(state.ended).toBe(true);
  });
});
