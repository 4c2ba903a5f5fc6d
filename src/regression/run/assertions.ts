import type { Band, Evidence, ItemResult, Localised, Risk, Verdict } from '../../session/index.ts';
import type { Expectation, FixtureCase, ItemExpectation, NumberExpectation } from '../fixtures/fixture.ts';
import type { Place } from '../fixtures/problems.ts';
import { fit, matches, patternEdits, patternWords } from './evidence.ts';
import type { Assertion, Edit, Judged } from './result.ts';
import { bandWords, both, evidenceWords, figure, same, verdictWords, yesNo } from './wording.ts';

/** A score in a fixture is written with two decimals. */
export const scoreTolerance = 0.01;

/** Finds the line of an item in its scorecard. */
export type RulePlace = (item: string) => Place | null;

/** Holds everything that a case expects against what was found. Pure. */
export function assertCase(one: FixtureCase, judged: Judged, ruleOf: RulePlace): Assertion[] {
  const found = one.expect.flatMap((expectation) => assertOne(expectation, judged, ruleOf));
  const applies = judged.result !== null;
  if (!applies && !one.expect.some(({ kind }) => kind === 'applies'))
    found.unshift(appliesAssertion(true, judged, one.place, false));
  return one.strict ? [...found, ...unnamed(one, judged, ruleOf)] : found;
}

function assertOne(expectation: Expectation, judged: Judged, ruleOf: RulePlace): Assertion[] {
  switch (expectation.kind) {
    case 'item':
      return itemAssertions(expectation, judged, ruleOf);
    case 'score':
      return [scoreAssertion(expectation, judged)];
    case 'risk':
      return [riskAssertion(expectation, judged)];
    case 'applies':
      return [appliesAssertion(expectation.is === true, judged, expectation.place, true)];
    case 'passed':
    case 'provisional':
      return [flagAssertion(expectation.kind, expectation.is, judged, expectation.place)];
  }
}

const notJudged = both('not judged', '未评判');
const noReason = both('The scorecard does not apply to this session.', '该评分卡不适用于此会话。');

function itemAssertions(expected: ItemExpectation, judged: Judged, ruleOf: RulePlace): Assertion[] {
  const { item, place } = expected;
  const found = judged.result?.items.find((one) => one.id === item) ?? null;
  const base = {
    item,
    rule: ruleOf(item),
    reason: found?.reason ?? noReason,
    evidence: found ? [...found.evidence, ...found.nearMisses] : [],
    place,
  };
  const list: Assertion[] = [];
  if (expected.verdict !== null)
    list.push({
      ...base,
      kind: 'verdict',
      pass: found?.verdict === expected.verdict,
      what: same(item),
      expected: verdictWords[expected.verdict],
      actual: found ? verdictWords[found.verdict] : notJudged,
      edits: found ? [set([item, ...(expected.bare ? [] : ['verdict'])], found.verdict)] : [],
    });
  for (const key of ['evidence', 'near'] as const)
    for (const one of expected[key])
      list.push({
        ...base,
        ...shown(key, item, one, found && found[key === 'near' ? 'nearMisses' : key]),
        place: one.place,
      });
  if (expected.points !== null) {
    const { points } = expected;
    list.push({
      ...base,
      kind: 'points',
      pass: found?.earned != null && Math.abs(found.earned - points) <= scoreTolerance,
      what: both(`${item}: points`, `${item}：得分`),
      expected: figure(points),
      actual: found ? figure(found.earned) : notJudged,
      edits: found
        ? [found.earned === null ? remove([item, 'points']) : set([item, 'points'], rounded(found.earned))]
        : [],
    });
  }
  if (expected.reason !== null) {
    const wanted = expected.reason.toLowerCase();
    list.push({
      ...base,
      kind: 'reason',
      pass: found !== null && [found.reason.en, found.reason.zh].some((text) => text.toLowerCase().includes(wanted)),
      what: both(`${item}: reason`, `${item}：理由`),
      expected: both(`says “${expected.reason}”`, `包含“${expected.reason}”`),
      actual: found?.reason ?? notJudged,
      edits: found ? [set([item, 'reason'], found.reason.en)] : [],
    });
  }
  return list.map(settled);
}

function shown(
  kind: 'evidence' | 'near',
  item: string,
  { pattern, path }: ItemExpectation['evidence'][number],
  pieces: readonly Evidence[] | null,
): Pick<Assertion, 'kind' | 'pass' | 'what' | 'expected' | 'actual' | 'edits'> {
  const best = [...(pieces ?? [])].sort((a, b) => fit(pattern, b) - fit(pattern, a))[0];
  return {
    kind,
    pass: (pieces ?? []).some((one) => matches(pattern, one)),
    what:
      kind === 'evidence'
        ? both(`${item}: evidence`, `${item}：证据`)
        : both(`${item}: near miss`, `${item}：最接近的内容`),
    expected: patternWords(pattern),
    actual: best ? evidenceWords(best) : both('none', '无'),
    edits: pieces === null ? [] : best ? patternEdits(pattern, path, best) : [remove(path)],
  };
}

const set = (path: Edit['path'], value: string | number | boolean | null): Edit => ({ path, action: 'set', value });
const remove = (path: Edit['path']): Edit => ({ path, action: 'remove' });
const rounded = (value: number) => Number(value.toFixed(2));

/** What holds needs no change. */
const settled = (one: Assertion): Assertion => (one.pass ? { ...one, edits: [] } : one);

function scoreAssertion({ is, atLeast, atMost, bare, place }: NumberExpectation, judged: Judged): Assertion {
  const score = judged.result?.score ?? null;
  const holds = {
    is: is === undefined || (is === null || score === null ? is === score : Math.abs(score - is) <= scoreTolerance),
    atLeast: atLeast === undefined || (score !== null && score >= atLeast - scoreTolerance),
    atMost: atMost === undefined || (score !== null && score <= atMost + scoreTolerance),
  };
  const edits = (): Edit[] => {
    if (judged.result === null) return [];
    if (bare || score === null) return [set(['score'], score === null ? null : rounded(score))];
    return [
      ...(holds.is ? [] : [set(['score', 'is'], rounded(score))]),
      ...(holds.atLeast ? [] : [set(['score', 'atLeast'], Math.floor(score))]),
      ...(holds.atMost ? [] : [set(['score', 'atMost'], Math.ceil(score))]),
    ];
  };
  return settled({
    ...whole('score', both('score', '得分'), place),
    pass: judged.result !== null && holds.is && holds.atLeast && holds.atMost,
    expected: limits(is, atLeast, atMost, figure),
    actual: judged.result === null ? notJudged : figure(score),
    reason: judged.result === null ? noReason : costs(judged.result.items),
    edits: edits(),
  });
}

const bands: readonly Band[] = ['low', 'medium', 'high', 'critical'];

function riskAssertion(expected: Extract<Expectation, { kind: 'risk' }>, { risk }: Judged): Assertion {
  const { is, atLeast, atMost, bare, place } = expected;
  const band = risk?.band ?? null;
  const rank = (one: Band) => bands.indexOf(one);
  const holds = {
    is: is === undefined || band === is,
    atLeast: atLeast === undefined || (band !== null && rank(band) >= rank(atLeast)),
    atMost: atMost === undefined || (band !== null && rank(band) <= rank(atMost)),
  };
  const keys = (['is', 'atLeast', 'atMost'] as const).filter((key) => !holds[key]);
  return settled({
    ...whole('risk', both('risk', '风险'), place),
    pass: band !== null && keys.length === 0,
    expected: limits(is, atLeast, atMost, (one) => bandWords[one]),
    actual: band === null ? notJudged : bandWords[band],
    reason: reasonsOf(risk),
    evidence: risk?.reasons.flatMap(({ evidence }) => evidence) ?? [],
    edits: band === null ? [] : bare ? [set(['risk'], band)] : keys.map((key) => set(['risk', key], band)),
  });
}

function reasonsOf(risk: Risk | null): Localised {
  const titles = (risk?.reasons ?? []).slice(0, 3).map(({ title }) => title);
  if (titles.length === 0) return both('Nothing speaks for a risk.', '没有风险因素。');
  return both(
    `It rests on: ${titles.map(({ en }) => en).join('; ')}.`,
    `依据：${titles.map(({ zh }) => zh).join('；')}。`,
  );
}

function flagAssertion(kind: 'passed' | 'provisional', is: boolean | null, judged: Judged, place: Place): Assertion {
  const { result } = judged;
  const value = result === null ? null : result[kind];
  return settled({
    ...whole(kind, kind === 'passed' ? both('passed', '是否合格') : both('provisional', '是否待人工判定'), place),
    pass: result !== null && value === is,
    expected: yesNo(is),
    actual: result === null ? notJudged : yesNo(value),
    reason: result === null ? noReason : kind === 'passed' ? costs(result.items) : unknowns(result.items),
    edits: result === null ? [] : [set([kind], value)],
  });
}

/** `written`: the fixture says so itself; otherwise it is understood. */
function appliesAssertion(is: boolean, { result }: Judged, place: Place, written: boolean): Assertion {
  const applies = result !== null;
  return settled({
    ...whole('applies', both('scorecard applies', '评分卡是否适用'), place),
    pass: applies === is,
    expected: yesNo(is),
    actual: yesNo(applies),
    reason: applies
      ? both('The scorecard applies to this session.', '该评分卡适用于此会话。')
      : both(
          "The scorecard's language, channels or appliesTo do not fit this session.",
          '评分卡的语言、渠道或适用范围与此会话不符。',
        ),
    edits: written ? [set(['applies'], applies)] : [],
  });
}

/** What assertions about the whole session have in common. */
function whole(kind: Assertion['kind'], what: Localised, place: Place) {
  return { kind, what, place, item: null, rule: null, evidence: [] as Evidence[] };
}

/** `strict`: an item that was judged and that nobody expected anything of. */
function unnamed(one: FixtureCase, judged: Judged, ruleOf: RulePlace): Assertion[] {
  const named = new Set(one.expect.flatMap((expected) => (expected.kind === 'item' ? [expected.item] : [])));
  return (judged.result?.items ?? [])
    .filter(({ id, verdict }) => verdict !== 'na' && !named.has(id))
    .map((item) => ({
      kind: 'strict',
      pass: false,
      item: item.id,
      what: same(item.id),
      expected: both('named in this strict case', '在此严格用例中列出'),
      actual: verdictWords[item.verdict],
      reason: item.reason,
      evidence: [...item.evidence, ...item.nearMisses],
      place: one.place,
      rule: ruleOf(item.id),
      edits: [set([item.id], item.verdict)],
    }));
}

function limits<T>(
  is: T | undefined,
  atLeast: T | undefined,
  atMost: T | undefined,
  words: (value: T) => Localised,
): Localised {
  const parts = [
    ...(is === undefined ? [] : [words(is)]),
    ...(atLeast === undefined ? [] : [both(`at least ${words(atLeast).en}`, `不低于${words(atLeast).zh}`)]),
    ...(atMost === undefined ? [] : [both(`at most ${words(atMost).en}`, `不高于${words(atMost).zh}`)]),
  ];
  return both(parts.map(({ en }) => en).join(', '), parts.map(({ zh }) => zh).join('，'));
}

/** Where the points went. */
function costs(items: readonly ItemResult[]): Localised {
  const lost = items.filter(({ cost }) => cost > 0).sort((a, b) => b.cost - a.cost);
  if (lost.length === 0) return both('No item cost points.', '没有扣分项。');
  const list = lost.slice(0, 5).map(({ id, cost }) => `${id} −${Number(cost.toFixed(2))}`);
  return both(`Points went with ${list.join(', ')}.`, `扣分项：${list.join('、')}。`);
}

function unknowns(items: readonly ItemResult[]): Localised {
  const ids = items.filter(({ verdict, needsConfirmation }) => isOpen(verdict, needsConfirmation)).map(({ id }) => id);
  if (ids.length === 0) return both('Every item could be judged.', '所有评分项均可判断。');
  return both(`A person is asked about ${ids.join(', ')}.`, `待人工判定：${ids.join('、')}。`);
}

const isOpen = (verdict: Verdict, needsConfirmation: boolean) => verdict === 'unknown' || needsConfirmation;
