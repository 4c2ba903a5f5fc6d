// Speed of the rules: phrases of 30 rules in one pass over a corpus, beside ripgrep and textlint on the same text.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextlintKernel } from '@textlint/kernel';
import textPluginModule from '@textlint/textlint-plugin-text';
// @ts-expect-error -- published without types
import prhModule from 'textlint-rule-prh';
import { type CompiledScorecard, evaluate, loadScorecard } from '../../src/scorecard/index.ts';
import type { Annotations, Session } from '../../src/session/index.ts';
import { annotationsOf, sessionOf } from '../../src/scorecard/testing/session.ts';
import { compilePhrases } from '../../src/text/index.ts';
import { corpora, type Corpus, shippedPhrases } from './corpus.ts';
import { table } from './measure.ts';

const turnsEach = 20;
const rounds = 5;

export async function benchRules(): Promise<string> {
  const parts: string[] = [];
  for (const corpus of await corpora()) {
    const phrases = shippedPhrases(corpus.language).slice(0, 1000);
    parts.push(
      await againstRipgrep(corpus, phrases),
      await byPhrases(corpus, phrases),
      await byTurns(corpus, phrases),
      await againstTextlint(corpus, phrases),
    );
  }
  return parts.join('\n\n');
}

/** A card whose rules share out the phrases: half of them forbid, half expect, by agent and customer in turn. */
function cardOf(language: string, phrases: readonly string[], rules: number): Promise<CompiledScorecard> {
  const items = Array.from({ length: rules }, (_, rule) => {
    const own = phrases.filter((_phrase, index) => index % rules === rule);
    const kind = rule % 4 < 2 ? 'forbid' : 'expect';
    const by = rule % 2 === 0 ? 'agent' : 'customer';
    return { id: `rule-${rule}`, title: `Rule ${rule}`, [kind]: { phrase: own, by } };
  });
  const card = { id: 'bench', version: 1, language, sections: [{ id: 's', title: 'S', items }] };
  return loadScorecard('/bench.yaml', { read: () => Promise.resolve(JSON.stringify(card)) });
}

interface Judged {
  session: Session;
  annotations: Annotations;
}

function sessionsOf({ language, lines }: Corpus, turns: number, limit = Infinity): Judged[] {
  const sessions: Judged[] = [];
  for (let at = 0; at < lines.length && sessions.length < limit; at += turns) {
    const said = Array.from({ length: turns }, (_, i): Parameters<typeof sessionOf>[0][number] => [
      i % 2 === 0 ? 'customer' : 'agent',
      i,
      i,
      lines[(at + i) % lines.length]!,
    ]);
    const session = sessionOf(said, { id: `bench-${at}`, channel: 'chat', language, agentId: null });
    sessions.push({ session, annotations: annotationsOf(session) });
  }
  return sessions;
}

const judgeAll = (card: CompiledScorecard, sessions: readonly Judged[]) => () => {
  for (const { session, annotations } of sessions) evaluate(card, session, annotations);
};

async function againstRipgrep(corpus: Corpus, phrases: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'earwitness-bench-'));
  try {
    const text = join(folder, 'corpus.txt');
    const list = join(folder, 'phrases.txt');
    writeFileSync(text, `${corpus.lines.join('\n')}\n`);
    writeFileSync(list, `${phrases.join('\n')}\n`);
    const rg =
      (...options: string[]) =>
      () =>
        void execFileSync('rg', [...options, '-F', '-f', list, text], { maxBuffer: 2 ** 28 });
    const matcher = compilePhrases(phrases.map((phrase) => ({ text: phrase })));
    const card = await cardOf(corpus.language, phrases, 30);
    const sessions = sessionsOf(corpus, turnsEach);
    const works: [string, () => void][] = [
      ['`rg -F -f phrases`', rg()],
      ['`rg -F -i -w -f phrases` (without case, whole words: nearer to what a rule means)', rg('-i', '-w')],
      ['phrase matcher alone', () => corpus.lines.forEach((line) => matcher.find(line))],
      [`30 rules judged, verdicts with evidence, sessions of ${turnsEach} turns`, judgeAll(card, sessions)],
    ];
    const seconds = inTurn(works.map(([, work]) => work));
    const bytes = Buffer.byteLength(corpus.lines.join('\n'));
    return [
      `### ${corpus.language}: ${phrases.length} phrases, ${corpus.lines.length} messages, ${(bytes / 1e6).toFixed(1)} MB (${corpus.source})`,
      '',
      table(
        ['', 'seconds (median)', '÷ `rg -F -f` (goal ≤ 10)'],
        works.map(([name], i) => [name, seconds[i]!.toFixed(3), (seconds[i]! / seconds[0]!).toFixed(1)]),
      ),
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function byPhrases(corpus: Corpus, phrases: readonly string[]): Promise<string> {
  const sessions = sessionsOf({ ...corpus, lines: corpus.lines.slice(0, 10_000) }, turnsEach);
  const counts = [10, 100, 1000];
  const cards = await Promise.all(counts.map((count) => cardOf(corpus.language, spread(phrases, count), 10)));
  const seconds = inTurn(cards.map((card) => judgeAll(card, sessions)));
  return [
    'Ten rules, more and more phrases:',
    '',
    table(
      ['phrases', 'seconds (median)', '÷ 10 phrases (goal ≤ 2)'],
      counts.map((count, i) => [count, seconds[i]!.toFixed(3), (seconds[i]! / seconds[0]!).toFixed(2)]),
    ),
  ].join('\n');
}

/** `count` phrases from everywhere in the list, so that few and many are of the same kind. */
function spread(phrases: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => phrases[Math.floor((i * phrases.length) / count)]!);
}

async function byTurns(corpus: Corpus, phrases: readonly string[]): Promise<string> {
  const card = await cardOf(corpus.language, phrases, 30);
  const lengths = [1, 100, 10_000];
  const sets = lengths.map((turns) => sessionsOf(corpus, turns, Math.max(1, 10_000 / turns)));
  const seconds = inTurn(sets.map((sessions) => judgeAll(card, sessions)));
  return [
    'Longer and longer sessions, 30 rules, 1,000 phrases, about 10,000 turns each time:',
    '',
    table(
      ['turns a session', 'sessions', 'µs a turn', '÷ 100 turns (linear: about 1)'],
      lengths.map((turns, i) => {
        const each = (s: number) => (seconds[s]! * 1e6) / (sets[s]!.length * lengths[s]!);
        return [turns, sets[i]!.length, each(i).toFixed(1), (each(i) / each(1)).toFixed(2)];
      }),
    ),
  ].join('\n');
}

/** textlint with prh, its phrase-list rule, on the same messages; one document of `turnsEach` lines per session. */
async function againstTextlint(corpus: Corpus, phrases: readonly string[]): Promise<string> {
  // One document: textlint reads its list of phrases anew for each.
  const lines = corpus.lines.slice(0, 2000);
  const kernel = new TextlintKernel();
  const plugin = interop(textPluginModule);
  const rule = interop(prhModule);
  const escaped = (phrase: string) => phrase.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const ruleContents = [
    `version: 1\nrules:\n${phrases.map((phrase) => `  - expected: ${JSON.stringify(`<${phrase}>`)}\n    pattern: ${JSON.stringify(`/${escaped(phrase)}/i`)}`).join('\n')}\n`,
  ];
  const lint = () =>
    kernel.lintText(lines.join('\n\n'), {
      ext: '.txt',
      filePath: '/bench.txt',
      plugins: [{ pluginId: 'text', plugin: plugin as never }],
      rules: [{ ruleId: 'prh', rule: rule as never, options: { ruleContents } }],
    });
  const { messages } = await lint();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await lint();
    times.push((performance.now() - start) / 1000);
  }
  const textlint = median(times);
  const card = await cardOf(corpus.language, phrases, 30);
  const part = { ...corpus, lines };
  const sessions = sessionsOf(part, turnsEach);
  const matcher = compilePhrases(phrases.map((phrase) => ({ text: phrase })));
  // 2,000 messages are over in hundredths of a second: this many rounds warm it as long as the one of textlint does.
  const [search] = inTurn([() => lines.forEach((line) => matcher.find(line))], 100);
  const [judged] = inTurn([judgeAll(card, sessions)]);
  return [
    `textlint with its phrase-list rule (prh), the same ${phrases.length} phrases, one document of ${lines.length} messages (${messages.length} found); medians, all of them warm:`,
    '',
    table(
      ['', 'seconds', 'times as fast (goal ≥ 50)'],
      [
        ['textlint', textlint.toFixed(2), ''],
        ['phrase matcher alone, the same work', search!.toFixed(4), (textlint / search!).toFixed(0)],
        ['30 rules judged, verdicts with evidence', judged!.toFixed(4), (textlint / judged!).toFixed(0)],
      ],
    ),
  ].join('\n');
}

function interop(module: unknown): unknown {
  return (module as { default?: unknown }).default ?? module;
}

/** Each work `warm` times to warm up, then all of them in turn `rounds` times; the median seconds of each. */
function inTurn(works: readonly (() => void)[], warm = 1): number[] {
  const seconds: number[][] = works.map(() => []);
  for (let round = -warm; round < rounds; round++)
    for (const [i, work] of works.entries()) {
      const start = performance.now();
      work();
      if (round >= 0) seconds[i]!.push((performance.now() - start) / 1000);
    }
  return seconds.map(median);
}

function median(list: number[]): number {
  return list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
}
