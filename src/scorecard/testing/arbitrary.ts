import fc from 'fast-check';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Annotations, Session, Speaker, Turn } from '../../session/index.ts';
import type { OperatorDefinition } from '../operators/operator.ts';
import { operators } from '../operators/registry.ts';
import { ScorecardProblems } from '../load/problems.ts';
import type { CompiledScorecard } from '../scorecard.ts';
import { loadFiles } from './card.ts';
import { valuesOf } from './fromSchema.ts';
import { annotationsOf, sessionOf } from './session.ts';

/** A condition as it is written. */
export type RawCondition = Record<string, unknown> | string;
type RawGroup = Record<string, unknown>;

const shared = ['sorry', 'thank you', 'refund', 'thirty days', 'good morning', '抱歉', '您好', '三十天', '退款', '123'];
const words = fc.constantFrom(...shared, '*thank*', 'a', '！？', 'sorry sorry', '谢谢您的来电');

const speakers = ['agent', 'customer', 'bot', 'system'] as const;
const scopeValues: Record<string, fc.Arbitrary<unknown>> = {
  by: fc.oneof(fc.constantFrom(...speakers), fc.uniqueArray(fc.constantFrom(...speakers), { minLength: 1 })),
  turns: fc.constantFrom<unknown>('first 2', 'last 1', '2..4', '-3..-1', 3, { from: 2 }),
  time: fc.constantFrom('first 10s', 'last 30s', '1s..60s', '0%..50%'),
  zero: fc.constantFrom('first-speech', 'recording-start', 'first-agent-word', 'first-customer-word'),
  quantifier: fc.constantFrom('any', 'all', 'atLeast 2'),
  unit: fc.constantFrom('turn', 'joined'),
  visibility: fc.constantFrom('public', 'internal', 'any'),
};
const anchored = fc
  .record({
    place: fc.constantFrom('after', 'before', 'around', 'same'),
    target: fc.record({ phrase: words }, { requiredKeys: ['phrase'] }),
    within: fc.constantFrom('0 turns', '2 turns', '30s'),
    hit: fc.constantFrom<unknown>('any', 'each', 'last', 2),
  })
  .map(({ place, target, within, hit }): RawGroup => ({ [place]: target, within, hit }));

const isGroup = (value: unknown): value is RawGroup =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of an operator's value or options that its schema lets be made up. */
function fieldsOf(schema: z.ZodType): fc.Arbitrary<RawGroup> {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [key, inner] of Object.entries((shape as { properties?: RawGroup }).properties ?? {})) {
    const values = valuesOf(inner as object, words);
    if (values) model[key] = values;
  }
  return fc.record(model, { requiredKeys: [] });
}

/** One operator: its own example, with some of its keys replaced and with scope keys that it takes. */
function operatorCondition(operator: OperatorDefinition): fc.Arbitrary<RawCondition> {
  const example = parse(operator.example) as RawGroup;
  const written = example[operator.name];
  const made = valuesOf(z.toJSONSchema(operator.value, { io: 'input', unrepresentable: 'any' }) as object, words);
  const value: fc.Arbitrary<unknown> = fc.oneof(
    fc.constant(written),
    ...(isGroup(written) ? [fieldsOf(operator.value).map((fields) => ({ ...written, ...fields }))] : []),
    ...(made ? [made] : []),
  );
  const scope = Object.fromEntries(
    Object.entries(scopeValues).filter(([key]) => (operator.scope as readonly string[]).includes(key)),
  );
  const window = operator.scope.includes('anchor') ? fc.option(anchored, { freq: 4, nil: {} }) : fc.constant({});
  return fc
    .tuple(value, fieldsOf(operator.options), fc.record(scope, { requiredKeys: [] }), window, fc.boolean())
    .map(([value, options, scope, window, plain]) =>
      plain
        ? { ...example, [operator.name]: value }
        : {
            ...Object.fromEntries(Object.entries(example).filter(([key]) => key in operator.options.shape)),
            ...options,
            ...scope,
            ...window,
            [operator.name]: value,
          },
    );
}

/** Conditions over every operator of the registry, alone and joined by the logic of the language. */
export function conditions(): fc.Arbitrary<RawCondition> {
  const leaf = fc.oneof(...[...operators.values()].map(operatorCondition));
  return fc.letrec<{ any: RawCondition; list: RawCondition[] }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.constantFrom('apologised', 'apologised && !asked', 'asked || (apologised && asked)'),
      fc.record({ not: tie('any') }),
      fc.record({ all: tie('list') }),
      fc.record({ any: tie('list') }),
      tie('list').chain((of) => fc.integer({ min: 1, max: of.length }).map((atLeast) => ({ atLeast, of }))),
      fc.constant({ fragment: 'said', with: { what: 'sorry' } }),
    ),
    list: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
  })).any;
}

function rules(condition: fc.Arbitrary<RawCondition>): fc.Arbitrary<RawGroup> {
  const points = fc.integer({ min: 1, max: 5 });
  return fc.oneof(
    fc.record({ expect: condition }),
    fc.record({ forbid: condition }),
    fc.record({ forbid: condition }).map((rule) => ({ ...rule, type: 'deduction', perHit: 2, max: 6 })),
    fc
      .array(fc.record({ points, expect: condition }), { minLength: 1, maxLength: 3 })
      .map((levels) => ({ type: 'scale', levels })),
    fc.record({ measure: condition }).map((rule) => ({
      ...rule,
      type: 'number',
      bands: [
        { to: 2, points: 1 },
        { from: 2, to: '30s', points: 2 },
      ],
    })),
    fc.constant({ manualOnly: true }),
  );
}

/** Items as written, without id and title. */
export function items(): fc.Arbitrary<RawGroup> {
  const condition = conditions();
  return fc
    .tuple(
      rules(condition),
      fc.record(
        {
          when: condition,
          naWhen: condition,
          weight: fc.integer({ min: 0, max: 5 }),
          channels: fc.constantFrom(['call'], ['chat', 'ticket']),
          critical: fc.constantFrom('customer', 'business', 'compliance'),
          autoFail: fc.constantFrom('none', 'section', 'form'),
          zero: scopeValues.zero!,
        },
        { requiredKeys: [] },
      ),
    )
    .map(([rule, rest]) => ({ ...rest, ...rule }));
}

const knowledge = `id: kb
version: 1
language: en
title: { en: K, zh: K }
entries: [{ id: a, title: { en: A, zh: A }, asks: [refund, return], statement: { en: S, zh: S }, right: [thirty days], wrong: [two years] }]`;

/** Names of lexicons that the examples of the operators ask for. */
function exampleLexicons(): string[] {
  const found = [...operators.values()].flatMap((one) =>
    [...one.example.matchAll(/\$([\w-]+)/g)].map((match) => match[1]!),
  );
  return [...new Set(found)];
}

/** A scorecard file of the given items, each on a line of its own, with everything that their conditions may name. */
export function cardText(given: readonly RawGroup[], top: RawGroup = {}): string {
  const lexicons = Object.fromEntries(exampleLexicons().map((name, i) => [name, [shared[i % shared.length]!, name]]));
  const head = {
    id: 'made-up',
    version: 1,
    language: 'en',
    knowledge: 'knowledge/shop.en.yaml',
    lexicons,
    conditions: { apologised: { phrase: ['sorry', '抱歉'], by: 'agent' }, asked: { phrase: ['refund', '退款'] } },
    fragments: { said: { params: ['what'], condition: { phrase: '<what>' } } },
    ...top,
  };
  const lines = given.map((item, i) => JSON.stringify({ id: `item-${i}`, title: `Item ${i}`, ...item }));
  const fields = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return `{\n${fields.join('\n')}\n"sections": [{ "id": "s", "title": "S", "items": [\n${lines.join(',\n')}\n]}]}`;
}

/**
 * Loads items, leaving out those that the loader refuses: well-typed rules can still ask for what makes no sense. Null
 * where nothing is left.
 */
export async function loadSound(
  given: readonly RawGroup[],
  top: RawGroup = {},
): Promise<{ card: CompiledScorecard; kept: readonly RawGroup[] } | null> {
  if (given.length === 0) return null;
  const text = cardText(given, top);
  try {
    return { card: await loadFiles({ 'card.yaml': text, 'knowledge/shop.en.yaml': knowledge }), kept: given };
  } catch (error) {
    if (!(error instanceof ScorecardProblems)) throw error;
    const first = text.split('\n').findIndex((line) => line.startsWith('"sections"')) + 2;
    const refused = new Set(error.problems.map((problem) => problem.line - first));
    const kept = given.filter((_, i) => !refused.has(i));
    if (kept.length === given.length) throw error;
    return loadSound(kept, top);
  }
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000\u0007\u001b[31m',
    '\ud800',
    'x\udc00y',
    '👩‍👩‍👧‍👦 sorry 👍🏽',
    '\u202eyrros\u202c שלום',
    'ﬁle ſorry ＳＯＲＲＹ',
    '\u200b抱\u200b歉\u200d',
    'e\u0301'.repeat(40),
    '，'.repeat(50),
    'sorry '.repeat(400),
    '抱歉'.repeat(500),
    'İstanbul ẞ ŉ',
  ),
);
const sentence = fc
  .array(fc.oneof({ weight: 3, arbitrary: words }, { weight: 1, arbitrary: hostile }), { maxLength: 6 })
  .chain((parts) => fc.constantFrom(' ', '', ', ', '。').map((glue) => parts.join(glue)));

const turn = fc.record({
  speaker: fc.constantFrom<Speaker>('agent', 'customer', 'agent', 'customer', 'bot', 'system', 'unknown'),
  gap: fc.option(fc.integer({ min: -3, max: 40 }), { nil: null, freq: 6 }),
  length: fc.integer({ min: 0, max: 20 }),
  text: sentence,
  visibility: fc.constantFrom<Turn['visibility']>('public', 'public', 'public', 'internal'),
  auto: fc.boolean().map((auto) => (auto ? { auto } : {})),
  confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
});

/** Sessions of all channels in both languages, of well-behaved and of hostile text, with times known, unknown and overlapping. */
export function sessions(): fc.Arbitrary<{ session: Session; annotations: Annotations }> {
  return fc
    .record({
      channel: fc.constantFrom<Session['channel']>('call', 'chat', 'ticket'),
      language: fc.constantFrom('en', 'zh', 'en-GB'),
      origin: fc.constantFrom<Session['transcript']['origin']>('given', 'recognised', 'written'),
      turns: fc.array(turn, { maxLength: 8 }),
      scores: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 8 }),
      attributes: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 4 }),
      queue: fc.option(words, { nil: null }),
    })
    .map(({ channel, language, origin, turns, scores, attributes, queue }) => {
      let at = 0;
      const timed = turns.map((one): Parameters<typeof sessionOf>[0][number] => {
        const more: Partial<Turn> = { visibility: one.visibility, ...one.auto };
        if (one.confidence !== undefined) more.confidence = one.confidence;
        if (one.gap === null) return [one.speaker, null, null, one.text, more];
        const start = Math.max(0, at + one.gap);
        at = channel === 'call' ? start + one.length : start;
        return [one.speaker, start, at, one.text, more];
      });
      const session = sessionOf(timed, { channel, language, attributes, queue });
      session.transcript = { ...session.transcript, origin };
      const scored = scores.slice(0, turns.length).map((score, i): [number, number] => [i + 1, score]);
      return { session, annotations: annotationsOf(session, { scores: scored }) };
    });
}
