import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake model is shown of one request. */
export interface Asked {
  system: string;
  user: {
    question: string;
    choices: Record<string, string>;
    transcript: { turn: number; speaker: string; text: string }[];
  };
  authorization: string | undefined;
  body: Record<string, unknown>;
}

/** What it answers: an answer's fields, raw content, or an HTTP status; `hang` never answers. */
export type Reaction =
  | { choice: string; turn: number; quote: string; confidence: number }
  | { content: string }
  | { status: number; headers?: Record<string, string> }
  | { hang: true };

export interface FakeEndpoint {
  url: string;
  asked: Asked[];
  close(): Promise<void>;
}

/** An OpenAI-compatible endpoint on the loopback interface that reacts as the test says. */
export async function fakeEndpoint(react: (asked: Asked, nth: number) => Reaction): Promise<FakeEndpoint> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
      const messages = body['messages'] as { content: string }[];
      const one: Asked = {
        system: messages[0]!.content,
        user: JSON.parse(messages[1]!.content) as Asked['user'],
        authorization: request.headers.authorization,
        body,
      };
      asked.push(one);
      const reaction = react(one, asked.length);
      if ('hang' in reaction) return;
      if ('status' in reaction) {
        response.writeHead(reaction.status, reaction.headers).end('{}');
        return;
      }
      const content = 'content' in reaction ? reaction.content : JSON.stringify(reaction);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ message: { content } }], usage: { total_tokens: 120 } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
