import type { FastifyInstance } from 'fastify';
import { frontPage } from './page.ts';
import { frontScript } from './script.ts';
import { frontStyle } from './style.ts';

const files = {
  '/': ['text/html; charset=utf-8', frontPage],
  '/set-up': ['text/html; charset=utf-8', frontPage],
  '/front.js': ['text/javascript; charset=utf-8', frontScript],
  '/front.css': ['text/css; charset=utf-8', frontStyle],
} as const;

/**
 * The page that a browser finds at the server's address: set-up, log-in, upload, how far the batches are, and the way to
 * their reports. It talks to the same API as everybody else and knows nothing that is not in it.
 */
export function installFront(app: FastifyInstance): void {
  for (const [path, [type, content]] of Object.entries(files))
    app.get(
      path,
      {
        config: { open: 'a page without anything of the installation in it' },
        schema: { hide: true },
      },
      async (_request, reply) => reply.type(type).header('cache-control', 'no-cache').send(content),
    );
}
