import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { evalNodeSchema } from '../../session/index.ts';
import { rights } from '../access/rights.ts';
import { problemBodySchema } from './problem.ts';
import { contentSecurityPolicy } from './headers.ts';

type Json = Record<string, unknown>;

/** Schemas that hold themselves must have a name to be referred to by. */
const schemaRegistry = z.registry<{ id?: string | undefined }>();
schemaRegistry.add(evalNodeSchema, { id: 'EvalNode' });
const toJsonSchema = createJsonSchemaTransform({ schemaRegistry });

/** Answers that are no JSON and pass no schema on their way: status and media type, null where there is no body. */
const streams: Readonly<Record<string, readonly [status: number, type: string | null]>> = {
  createUpload: [201, null],
  uploadOptions: [204, null],
  headUpload: [200, null],
  patchUpload: [204, null],
  removeUpload: [204, null],
  getRecording: [200, 'audio/*'],
  getSessionReport: [200, 'text/html'],
  getPeriodReportCsv: [200, 'text/csv'],
  exportSessionsCsv: [200, 'text/csv'],
  exportSessionsNdjson: [200, 'application/x-ndjson'],
  exportVcon: [200, 'application/vcon+json'],
};

/** Describes the API from the schemas that check it, at /api/v1/openapi.json, to be read at /api/docs. */
export async function installOpenApi(app: FastifyInstance, { version }: { version: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Earwitness',
        version,
        description:
          'Quality inspection for customer service. Refusals are problem+json with a `code` of a closed set. Lists are ' +
          'paged by `cursor`. JSON answers to GET carry an ETag. What an account may not see does not exist for it (404).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'earwitness',
            description: 'Set by log-in; needs x-csrf-token.',
          },
          token: { type: 'http', scheme: 'bearer', description: 'An API token, `ew_…`.' },
        },
        schemas: { Problem: z.toJSONSchema(problemBodySchema, { target: 'draft-2020-12' }) as Json },
      },
    },
    transform: (route) => {
      const { config } = route.route;
      const hidden = !route.url.startsWith('/api/v1/') || route.url === '/api/v1/openapi.json';
      const { schema, url } = toJsonSchema({
        ...route,
        schema: { ...route.schema, ...(hidden ? { hide: true } : {}) },
      });
      if (hidden) return { schema, url };
      return { schema: withProblems(schema as Json, config?.right, config?.idempotent === true), url };
    },
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  });

  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: 'the description of the API holds nothing of the installation' };
    });
    await docs.register(swaggerUi, {
      routePrefix: '/api/docs',
      uiConfig: { deepLinking: true, persistAuthorization: false },
      staticCSP: {
        ...contentSecurityPolicy,
        // The page sizes its parts with style attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
      },
    });
  });
  app.get(
    '/api/v1/openapi.json',
    { config: { open: 'the description of the API holds nothing of the installation' } },
    async () => app.swagger(),
  );
}

/** Every operation may be refused; which right it needs stands in its description. */
function withProblems(schema: Json, right: keyof typeof rights | undefined, idempotent: boolean): Json {
  const responses: Json = { ...(schema['response'] as Json | undefined) };
  const add = (status: number | string, description: string) => {
    responses[status] ??= {
      description,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  };
  const stream = streams[String(schema['operationId'])];
  if (stream) {
    const [status, type] = stream;
    responses[status] = type
      ? { description: 'Sent as it is made.', content: { [type]: { schema: { type: 'string', format: 'binary' } } } }
      : { description: 'Empty; what there is to say stands in the headers.' };
  }
  if (schema['params'] || schema['querystring'] || schema['body']) add(400, 'A field is wrong; all of them are named.');
  if (right) {
    add(401, 'Nobody is logged in, or the token is not valid.');
    add(403, 'The right or the scope is missing, or the request came from another site.');
  }
  if (schema['params']) add(404, 'Not there, or not for this account.');
  if (idempotent) add(409, 'The first request with this idempotency key is still at work, or it exists already.');
  add(429, 'Too many requests; see retry-after.');
  add('default', 'Any other refusal.');
  const needs = right ? `Needs the right \`${right}\` (${rights[right].join(', ')}).` : '';
  return {
    ...schema,
    response: responses,
    description: [schema['description'], needs].filter(Boolean).join(' '),
    security: right ? [{ cookie: [] }, { token: [] }] : [],
    ...(idempotent
      ? {
          headers: {
            type: 'object',
            properties: {
              'idempotency-key': {
                type: 'string',
                maxLength: 200,
                description:
                  'Sent again with the same key, the request is answered as before and nothing is made twice.',
              },
            },
          },
        }
      : {}),
  };
}
