import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../testing/app.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
  security?: object[];
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
}

let test: TestApp;
let description: Description;
beforeAll(async () => {
  test = await openTestApp();
  description = (await test.ask({ url: '/api/v1/openapi.json' })).json();
});
afterAll(() => test.close());

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and holds every route under /api/v1', () => {
    expect(description.openapi).toBe('3.1.0');
    expect(operations().length).toBeGreaterThan(10);
    for (const { path } of operations()) expect(path).toMatch(/^\/api\/v1\//);
  });

  it('says of every operation what it is called, what it does and answers, and how it refuses', () => {
    const lacking: string[] = [];
    for (const { name, operation } of operations()) {
      const { operationId, summary, tags, responses } = operation;
      const good = Object.entries(responses).filter(([status]) => /^[1-3]/.test(status));
      const described = good.every(
        ([status, { description: says, content }]) =>
          /^(?:204|30\d)$/.test(status) || says.startsWith('Empty') || content !== undefined,
      );
      if (!operationId) lacking.push(`${name}: operationId`);
      if (!summary) lacking.push(`${name}: summary`);
      if (!tags?.length) lacking.push(`${name}: tags`);
      if (good.length === 0 || !described) lacking.push(`${name}: response`);
      if (!responses['default']?.content?.['application/problem+json']) lacking.push(`${name}: problems`);
    }
    expect(lacking).toEqual([]);
  });

  it('calls no two operations the same', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('holds schemas that are JSON Schema 2020-12, and no reference that leads nowhere', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const { name, operation } of operations())
      for (const { content } of Object.values(operation.responses))
        for (const { schema } of content?.['application/json'] ? [content['application/json']] : [])
          expect(() => ajv.compile({ ...schema, components: description.components }), name).not.toThrow();
  });

  it('describes what is really answered', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const refused = await test.ask({ url: '/api/v1/me' });
    expect(ajv.validate(description.components.schemas['Problem']!, refused.json())).toBe(true);
    const as = await test.login(await test.account('lead'));
    const schema = description.paths['/api/v1/me']!['get']!.responses['200']!.content!['application/json']!.schema!;
    expect(ajv.validate(schema, (await test.ask({ url: '/api/v1/me', as })).json())).toBe(true);
  });

  it('can be read in a browser under a policy that runs no script from elsewhere', async () => {
    const page = await test.ask({ url: '/api/docs/' });
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toMatch(/script-src 'self'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https:/);
    // Nothing inline that the policy would stop.
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
    for (const [, source] of page.body.matchAll(/<script[^>]*\bsrc="([^"]+)"/g))
      expect((await test.ask({ url: new URL(source!, 'http://x/api/docs/').pathname })).statusCode).toBe(200);
  });
});
