import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { json } from './formats/json.ts';
import { reportJsonSchema } from './schema.ts';
import { hostileSession, sampleBatch } from './testing/sample-batch.ts';

const batch = { ...sampleBatch(), sessions: [...sampleBatch().sessions, hostileSession()] };
const written = () =>
  JSON.parse([...json(batch)].join('')) as { sessions: { items: { tree: { truth: unknown } | null }[] }[] };
const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(reportJsonSchema());

describe('reportJsonSchema', () => {
  it('accepts report.json', () => {
    expect(validate(written()) ? null : validate.errors).toBeNull();
  });

  it('refuses a wrong value, however deep in the evaluation tree', () => {
    const broken = written();
    const tree = broken.sessions[0]!.items.find((item) => item.tree)!.tree as unknown as {
      children: { truth: string }[];
    };
    tree.children[0]!.truth = 'maybe';
    expect(validate(broken)).toBe(false);
    expect(validate.errors![0]!.instancePath).toMatch(/^\/sessions\/0\/items\/\d+\/tree\/children\/0\/truth$/);
  });

  it('lets later versions add fields', () => {
    expect(validate({ ...written(), trend: [1, 2] })).toBe(true);
  });

  it('is published as it is', () => {
    const published = readFileSync(new URL('../../docs/reference/report.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published), 'run: npx tsx scripts/write-schemas.ts').toEqual(reportJsonSchema());
  });
});
