import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';

/** Scripts and styles of this site alone, no frames around it, nothing of it in other sites. */
export const contentSecurityPolicy = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'media-src': ["'self'", 'blob:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
};

/** Of a report shown as a page. It comes from the words of strangers: whatever it holds, it runs apart from the site and loads nothing. */
export const reportPagePolicy =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'self'";

export async function installHeaders(app: FastifyInstance, { config }: Pick<Context, 'config'>): Promise<void> {
  const https = config.publicUrl.startsWith('https:');
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
    // Told over plain http it would be ignored, and on a laptop it would lock other programs on localhost out.
    hsts: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    void reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=()');
    // Who may see what changes from one request to the next; nothing in between keeps a copy.
    if (!request.is404 && request.url.startsWith('/api/') && !request.url.startsWith('/api/docs'))
      void reply.header('cache-control', 'private, no-store');
  });
}
