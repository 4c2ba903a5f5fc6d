import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { JobKind } from '../../session/index.ts';
import { sameSecret } from '../access/secrets.ts';
import type { Context } from '../context.ts';
import { HttpProblem, notFound } from './problem.ts';

const kinds: readonly JobKind[] = ['ingest', 'inspect', 'webhook'];

/** Figures for Prometheus at /metrics, of this process alone; docs/operations/monitoring.md has a row for each. */
export function installMetrics(app: FastifyInstance, { queue, events, config, log }: Context): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const durations = new Histogram({
    name: 'earwitness_http_request_duration_seconds',
    help: 'Time until a request was answered.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60],
    registers,
  });
  const recorded = new Counter({
    name: 'earwitness_sessions_recorded_total',
    help: 'Sessions that this process recorded, by risk band.',
    labelNames: ['band'],
    registers,
  });
  const dead = new Counter({
    name: 'earwitness_jobs_dead_total',
    help: 'Jobs that were given up in this process.',
    labelNames: ['kind'],
    registers,
  });
  const finished = new Counter({
    name: 'earwitness_batches_finished_total',
    help: 'Batches that this process saw finish.',
    registers,
  });
  new Gauge({
    name: 'earwitness_queue_jobs',
    help: 'Jobs in the queue, of the whole installation.',
    labelNames: ['kind', 'state'],
    registers,
    async collect() {
      try {
        for (const kind of kinds)
          for (const [state, count] of Object.entries(await queue.counts(kind)))
            this.set({ kind, state }, count as number);
      } catch (error) {
        // The rest of the figures is wanted most when a part is down.
        this.reset();
        log.warn({ err: error }, 'the queue did not tell its counts');
      }
    },
  });

  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  const stop = [
    events.on('recorded', ({ band }) => recorded.inc({ band: band ?? 'none' })),
    events.on('batch-finished', () => finished.inc()),
  ];
  queue.onDead((job) => dead.inc({ kind: job.kind }));
  app.addHook('onClose', async () => {
    for (const end of stop) end();
    registry.clear();
  });

  app.get(
    '/metrics',
    { config: { open: 'checks a token of its own, or answers loopback alone' }, logLevel: 'warn' },
    async (request, reply) => {
      requireScraper(request, config.metricsToken);
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}

/** With a token from anywhere, without one only from this machine, and then not through a proxy on it. */
function requireScraper(request: FastifyRequest, token: string | null): void {
  if (token === null) {
    const peer = request.socket.remoteAddress ?? '';
    const forwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => request.headers[name] !== undefined);
    if (!forwarded && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(peer)) return;
    throw notFound('This address');
  }
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined || !sameSecret(given, token))
    throw new HttpProblem(
      401,
      'token-invalid',
      'This is not the token of the metrics.',
      'See EARWITNESS_METRICS_TOKEN.',
    );
}
