import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Context } from '../context.ts';
import { workRoutes } from '../work/routes.ts';
import { accountRoutes } from './account/index.ts';
import { auditRoutes } from './audit/index.ts';
import { batchRoutes } from './batches/index.ts';
import { exportRoutes } from './exports/index.ts';
import { liveRoutes } from './live/index.ts';
import { queueRoutes } from './queue/index.ts';
import { reportRoutes } from './reports/index.ts';
import { scorecardRoutes } from './scorecards/index.ts';
import { sessionRoutes } from './sessions/index.ts';
import { webhookRoutes } from './webhooks/index.ts';

export type RouteModule = (context: Context) => FastifyPluginAsyncZod;

/** Every module of routes under /api/v1. */
export const routeModules: readonly RouteModule[] = [
  accountRoutes,
  batchRoutes,
  workRoutes,
  sessionRoutes,
  liveRoutes,
  reportRoutes,
  exportRoutes,
  webhookRoutes,
  scorecardRoutes,
  auditRoutes,
  queueRoutes,
];
