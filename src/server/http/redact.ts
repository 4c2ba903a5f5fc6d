import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Evidence, type SessionResult, type SessionSummary, type Turn } from '../../session/index.ts';
import { maskEntities } from '../../text/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem } from './problem.ts';

/** Part of the query of every route that answers words of a conversation. */
export const rawQuerySchema = z.object({
  raw: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: with personal data, for accounts that may read it; every such answer is audited.'),
});

/**
 * Whether the answer shall show personal data. Refuses accounts that may not, and writes down every time that one does,
 * before anything is sent.
 */
export async function wantsRaw(
  { store }: Pick<Context, 'store'>,
  request: FastifyRequest<{ Querystring: z.infer<typeof rawQuerySchema> }>,
  target: string,
): Promise<boolean> {
  if (request.query.raw !== 'true') return false;
  const actor = request.actor;
  if (!actor?.mayReadRaw)
    throw new HttpProblem(
      403,
      'raw-not-allowed',
      'This account may not read unredacted text.',
      'Ask without `raw=true`, or ask an admin for the right.',
    );
  await store.audit.append({
    actor: actor.name,
    action: 'raw.read',
    target,
    detail: { route: request.routeOptions.url ?? '', requestId: request.id },
  });
  return true;
}

/**
 * A text with e-mail addresses, telephone, card and identity numbers masked, sign for sign: every offset into it stays
 * what it was.
 */
export function redactText(text: string): string {
  if (text.length > remembered.longest) return maskEntities(text);
  const known = masked.get(text);
  if (known !== undefined) return known;
  const found = maskEntities(text);
  if (masked.size >= remembered.texts) masked.delete(masked.keys().next().value!);
  masked.set(text, found);
  return found;
}

/** Titles and reasons come again in every answer, and looking through a text costs more than all else in a list. */
const remembered = { texts: 5_000, longest: 500 };
const masked = new Map<string, string>();

/** Machine-made values: masking them could only damage them. */
const structural = new Set([
  'action',
  'agentId',
  'band',
  'batchId',
  'channel',
  'class',
  'code',
  'createdAt',
  'engine',
  'fileId',
  'hash',
  'id',
  'inputHash',
  'item',
  'key',
  'kind',
  'language',
  'method',
  'modelHash',
  'op',
  'operator',
  'recordedAt',
  'scorecardHash',
  'scorecardId',
  'section',
  'sentimentHash',
  'severity',
  'sha256',
  'speaker',
  'startedAt',
  'state',
  'transcriptHash',
  'truth',
  'type',
  'unit',
  'verdict',
  'version',
  'visibility',
]);

/** A result as it is shown: everything that names a person's address or number masked, all offsets kept. */
export function redactResult(result: SessionResult): SessionResult {
  const turns = result.turns.map(redactTurn);
  // What a message or a title quotes of a turn may be cut where no finder recognises it any more: it is masked as found there.
  const known = new Map<string, string>();
  for (const [at, turn] of result.turns.entries()) noteMasked(turn.text, turns[at]!.text, known);
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return structural.has(key) ? value : redactKnown(value, known);
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (typeof value !== 'object' || value === null) return value;
    if (isEvidence(value)) return redactEvidence(value, result.turns, turns, known, walk);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [redactText(name), walk(one, name)]));
  };
  const { turns: _turns, attributes, id, ...rest } = result;
  return {
    ...(walk(rest, '') as Omit<SessionResult, 'turns' | 'attributes' | 'id'>),
    id,
    // What the source said under its own names is no structure of ours, whatever the names are.
    attributes: anyhow(attributes, known) as SessionResult['attributes'],
    turns,
  };
}

/** The line of a list. Who the customer is may be an address or a number. */
export function redactSummary(summary: SessionSummary): SessionSummary {
  const reason = summary.reason && { en: redactText(summary.reason.en), zh: redactText(summary.reason.zh) };
  return { ...summary, customerId: summary.customerId && redactText(summary.customerId), reason };
}

function redactTurn(turn: Turn): Turn {
  const text = redactText(turn.text);
  return {
    ...turn,
    text,
    ...(turn.author === undefined ? {} : { author: redactText(turn.author) }),
    ...(turn.words ? { words: redactWords(turn.words, turn.text, text) } : {}),
  };
}

/** Words are pieces of the turn: each shows what the turn shows at its place. */
function redactWords(words: NonNullable<Turn['words']>, before: string, after: string): NonNullable<Turn['words']> {
  if (before === after) return words;
  let at = 0;
  return words.map((word) => {
    const start = before.indexOf(word.text, at);
    if (start < 0) return { ...word, text: hide(word.text) };
    at = start + word.text.length;
    return { ...word, text: after.slice(start, at) };
  });
}

/** For a word whose place in a turn with personal data cannot be told. */
const hide = (text: string): string => text.replace(/[\p{L}\p{N}]/gu, (sign) => '*'.repeat(sign.length));

function noteMasked(before: string, after: string, known: Map<string, string>): void {
  if (before === after) return;
  for (const run of after.matchAll(/\*(?:[^\p{L}\p{N}]*\*)*/gu)) {
    const end = run.index + run[0].length;
    if (end - run.index >= 4) known.set(before.slice(run.index, end), after.slice(run.index, end));
  }
}

function redactKnown(text: string, known: ReadonlyMap<string, string>): string {
  let shown = redactText(text);
  for (const [plain, stars] of known) if (shown.includes(plain)) shown = shown.replaceAll(plain, stars);
  return shown;
}

function isEvidence(value: object): value is Evidence {
  return 'quote' in value && 'charStart' in value && 'turn' in value;
}

function redactEvidence(
  evidence: Evidence,
  before: readonly Turn[],
  after: readonly Turn[],
  known: ReadonlyMap<string, string>,
  walk: (value: unknown, key: string) => unknown,
): Evidence {
  const { turn, charStart, charEnd, quote } = evidence;
  const at = (turns: readonly Turn[]) =>
    turn === null || charStart === null || charEnd === null ? null : turns[turn - 1]?.text.slice(charStart, charEnd);
  return {
    ...evidence,
    note: walk(evidence.note, 'note') as Evidence['note'],
    quote: at(before) === quote ? at(after)! : redactKnown(quote, known),
  };
}

function anyhow(value: unknown, known: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return redactKnown(value, known);
  if (typeof value === 'number') {
    const text = String(value);
    const shown = redactText(text);
    return shown === text ? value : shown;
  }
  if (Array.isArray(value)) return value.map((one) => anyhow(one, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [redactText(name), anyhow(one, known)]));
}
