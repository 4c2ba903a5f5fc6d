import { z } from 'zod';
import { backtestSchema } from '../../session/index.ts';

/** JSON Schema (2020-12) of `earwitness backtest --json`. A later version of the same `schema` may add fields. */
export function backtestJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(backtestSchema, { target: 'draft-2020-12', io: 'input' }),
    title: 'Earwitness backtest',
    description:
      'What a change of a scorecard does to sessions (earwitness backtest --json). See docs/reference/backtest.md.',
  };
}
