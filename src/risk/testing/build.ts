import type {
  Annotations,
  Evidence,
  ItemResult,
  ScorecardResult,
  SentimentSummary,
  Session,
  Speaker,
} from '../../session/index.ts';

type Line = [speaker: Speaker, text: string, score?: number];

/** A session and its annotations from lines `[speaker, text, sentiment score]`, 10 s apart. */
export function conversation(
  lines: Line[],
  options: { channel?: Session['channel']; attributes?: Session['attributes'] } = {},
): { session: Session; annotations: Annotations } {
  const channel = options.channel ?? 'chat';
  const session: Session = {
    id: 'test',
    channel,
    language: 'en',
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: null,
    attributes: options.attributes ?? {},
    recording: null,
    transcript: { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: lines.map(([speaker, text], i) => ({
      n: i + 1,
      speaker,
      startMs: i * 10_000,
      endMs: i * 10_000,
      text,
      visibility: 'public',
    })),
  };
  const turns = lines.flatMap(([speaker, , score], i) =>
    score === undefined ? [] : [{ turn: i + 1, speaker, score, confidence: 0.8 }],
  );
  const count = (speaker: Speaker) => lines.filter(([who]) => who === speaker).length;
  return {
    session,
    annotations: {
      sentiment: {
        model: { id: 'test', version: '1', hash: '' },
        turns,
        customer: summary(turns.filter(({ speaker }) => speaker === 'customer')),
        agent: summary(turns.filter(({ speaker }) => speaker === 'agent')),
      },
      measures: {
        zero: { recordingStart: 0, firstSpeech: 0, firstAgentWord: 0, firstCustomerWord: 0 },
        durationMs: lines.length * 10_000,
        timesTrusted: true,
        timesNote: null,
        turnCount: { agent: count('agent'), customer: count('customer'), all: lines.length },
        talkMs: null,
        silences: [],
        interruptions: [],
        overlapTrusted: false,
        responses: [],
        speechRate: null,
      },
      audio: null,
    },
  };
}

function summary(turns: readonly { turn: number; score: number }[]): SentimentSummary | null {
  if (turns.length === 0) return null;
  const scores = turns.map(({ score }) => score);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const min = Math.min(...scores);
  return {
    turns: turns.length,
    mean: mean(scores),
    min,
    minTurn: turns[scores.indexOf(min)]!.turn,
    end: mean(scores.slice(-3)),
    trend: scores.at(-1)! - scores[0]!,
    swing: Math.max(0, ...scores.map((score, i) => Math.max(...scores.slice(0, i + 1)) - score)),
    negativeRun: scores.filter((score) => score < -0.25).length,
  };
}

/** Evidence of an operator on no particular words. */
export function evidence(operator: string, quote = ''): Evidence {
  return {
    kind: 'measure',
    turn: null,
    startMs: null,
    endMs: null,
    charStart: null,
    charEnd: null,
    quote,
    operator,
    measured: null,
    threshold: null,
    unit: null,
    note: null,
  };
}

/** One item of a scorecard, passed unless stated. */
export function item(id: string, parts: Partial<ItemResult> = {}): ItemResult {
  return {
    id,
    section: 'all',
    title: { en: id, zh: id },
    why: null,
    coaching: null,
    type: 'yesno',
    verdict: 'pass',
    reason: { en: '', zh: '' },
    evidence: [],
    nearMisses: [],
    tree: null,
    earned: 1,
    possible: 1,
    weight: 1,
    cost: 0,
    severity: 'medium',
    critical: null,
    autoFail: 'none',
    needsConfirmation: false,
    manualOnly: false,
    ...parts,
  };
}

/** A scorecard result whose score is the weighted share of passed items, with auto-fails as their items say. */
export function scorecardOf(items: ItemResult[], passMark = 80): ScorecardResult {
  const judged = items.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  const possible = judged.reduce((sum, { weight }) => sum + weight, 0);
  const earned = judged.reduce((sum, { verdict, weight }) => sum + (verdict === 'pass' ? weight : 0), 0);
  const before = possible === 0 ? null : (100 * earned) / possible;
  const autoFails = items
    .filter(({ verdict, autoFail }) => verdict === 'fail' && autoFail !== 'none')
    .map(({ id, autoFail, needsConfirmation }) => ({
      item: id,
      scope: autoFail as 'section' | 'form',
      confirmed: !needsConfirmation,
    }));
  const score = autoFails.some(({ scope }) => scope === 'form') ? 0 : before;
  return {
    scorecard: { id: 'test', version: 1, language: 'en', title: { en: '', zh: '' }, hash: '' },
    method: 'sectionPercent',
    passMark,
    score,
    scoreBeforeAutoFail: before,
    unclamped: null,
    passed: score === null ? null : score >= passMark,
    provisional: false,
    autoFails,
    critical: [],
    sections: [],
    items,
  };
}
