import type { InjectOptions, RouteOptions } from 'fastify';
import type { UserRole } from '../../session/index.ts';
import { rights } from '../access/rights.ts';
import { scopeOf } from '../access/scope.ts';
import type { Example } from './example.ts';
import { exampleRequests } from './examples.ts';
import { type Caller, callers, type Ownership, ownerships, type Things, type Visitor, type World } from './world.ts';

export interface MatrixRow {
  route: string;
  /** The right, or `open`. */
  right: string;
  /** Whose thing; empty where it makes no difference. */
  about: Ownership | '';
  cells: Record<Caller, string>;
}

export interface StatedRoute {
  method: string;
  url: string;
  operationId: string;
  right: string;
}

/** Routes of the API, in the order of their addresses. What is open to everybody beside it has tests of its own. */
export function apiRoutes(routes: readonly RouteOptions[]): StatedRoute[] {
  return routes
    .flatMap(({ method, url, config, schema }) => {
      const operationId = (schema as { operationId?: string } | undefined)?.operationId ?? '';
      const right = config?.right ?? 'open';
      return [method].flat().map((one) => ({ method: one, url, operationId, right }));
    })
    .filter(({ method, url }) => url.startsWith('/api/v1/') && url !== '/api/v1/openapi.json' && method !== 'HEAD')
    .sort((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : a.method < b.method ? -1 : 1));
}

const unproved: ReadonlySet<Caller> = new Set(['anonymous', 'expired token', 'forged token', 'token without scope']);

/** What everybody gets on this route, for things of every ownership. */
export async function rowsOf(world: World, route: StatedRoute): Promise<MatrixRow[]> {
  const example = exampleRequests[route.operationId];
  if (!example)
    throw new Error(`src/server/testing/examples.ts lacks an example for ${route.operationId || route.url}`);
  const rows: MatrixRow[] = [];
  // Where only those have the right who see everything, it makes no difference whose thing it is.
  const owned = example.owned === true && !seenByAll(route.right);
  for (const raw of example.raw ? [false, true] : [false])
    for (const about of owned ? ownerships : (['own'] as const)) {
      const cells = {} as Record<Caller, string>;
      const readsOnly = route.method === 'GET';
      // What is only read stays as it is; what is changed is made anew for each caller that may change it.
      let shared = readsOnly ? await world.things(about, 'recorded') : null;
      for (const caller of callers) {
        if (!shared && unproved.has(caller)) shared = await world.things(about);
        const things = (readsOnly || unproved.has(caller) ? shared : null) ?? (await world.things(about));
        const visitor = await world.visitor(caller, { readsOnly, mayReadRaw: raw });
        cells[caller] = await cell(world, route, example, { visitor, things, raw });
      }
      rows.push({
        route: `${route.method} ${route.url}${raw ? '?raw=true' : ''}`,
        right: route.right,
        about: owned ? about : '',
        cells,
      });
    }
  return rows;
}

function seenByAll(right: string): boolean {
  const roles = (rights as Readonly<Record<string, readonly UserRole[]>>)[right];
  return roles?.every((role) => scopeOf({ role, teams: [], agentId: null }).kind === 'all') ?? false;
}

let asked = 0;

async function cell(
  world: World,
  route: StatedRoute,
  example: Example,
  { visitor, things, raw }: { visitor: Visitor; things: Things; raw: boolean },
): Promise<string> {
  const { params = {}, query = {}, body, headers } = await example.request(world, things, visitor);
  asked++;
  const answer = await world.test.app.inject({
    method: route.method,
    url: route.url.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? 'missing')),
    query: { ...query, ...(raw ? { raw: 'true' } : {}) },
    headers: { ...visitor.credentials, ...headers },
    // Each from an address of its own: what counts by address is tested elsewhere.
    remoteAddress: `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`,
    payloadAsStream: example.endless === true,
    ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> }),
  });
  if (example.endless) answer.stream().destroy();
  if (answer.statusCode >= 400) return String(answer.statusCode);
  if (!example.shows) return 'yes';
  return example.shows(answer, things) ? 'shown' : 'hidden';
}

export function matrixTable(rows: readonly MatrixRow[]): string {
  const head = ['Route', 'Right', 'Whose', ...callers];
  const lines = rows.map(({ route, right, about, cells }) => [
    `\`${route}\``,
    right,
    about,
    ...callers.map((caller) => cells[caller]),
  ]);
  const widths = head.map((_name, at) => Math.max(...[head, ...lines].map((line) => line[at]!.length)));
  const row = (line: readonly string[]) => `| ${line.map((text, at) => text.padEnd(widths[at]!)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n');
}
