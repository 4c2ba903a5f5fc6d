import type { LightMyRequestResponse } from 'fastify';
import type { Things, Visitor, World } from './world.ts';

export interface ExampleRequest {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * A request that succeeds for whoever may make it. The matrix test asks every route with it in the name of everybody; a
 * route without an example fails that test.
 */
export interface Example {
  /** Whether the answer depends on whose thing it is; then it is asked for things of all ownerships. */
  owned?: boolean;
  request(world: World, things: Things, visitor: Visitor): ExampleRequest | Promise<ExampleRequest>;
  /** Whether it may be asked for unredacted (`raw=true`); then it is, by accounts that may read that. */
  raw?: boolean;
  /** An answer that goes on until the caller leaves. */
  endless?: boolean;
  /** For lists: whether the answer shows the thing. */
  shows?(answer: LightMyRequestResponse, things: Things): boolean;
}

/** A request without anything. */
export const nothing = (): ExampleRequest => ({});

/** Whether an answer holds these words anywhere. */
export const holds = (answer: LightMyRequestResponse, words: string): boolean => answer.body.includes(words);

/** A form of fields and one file, as browsers send it. */
export function form(fields: Readonly<Record<string, string>>, file: string, content: string): ExampleRequest {
  const boundary = 'border-of-the-parts';
  const parts = Object.entries(fields).map(
    ([name, value]) => `content-disposition: form-data; name="${name}"\r\n\r\n${value}`,
  );
  parts.push(
    `content-disposition: form-data; name="${file}"; filename="chat.json"\r\ncontent-type: application/json\r\n\r\n${content}`,
  );
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`,
  };
}
