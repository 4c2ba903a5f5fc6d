import { z } from 'zod';
import { batchResultSchema, evalNodeSchema } from '../session/index.ts';

/**
 * JSON Schema (2020-12) of report.json. Fields that a reader does not know are allowed: a later version of the same
 * `schema` may add some. The evaluation tree is the one recursive part and gets a name, so that it can refer to itself.
 */
export function reportJsonSchema(): Record<string, unknown> {
  const names = z.registry<{ id?: string; title?: string }>();
  names.add(evalNodeSchema, { id: 'EvalNode' });
  const schema = z.toJSONSchema(batchResultSchema, { target: 'draft-2020-12', io: 'input', metadata: names });
  return {
    ...schema,
    title: 'Earwitness report',
    description:
      'What a batch run leaves behind (report.json). Times are integer milliseconds. See docs/reference/report.md.',
  };
}
