/**
 * npx tsx scripts/false-alarms.ts [../shared/data]: runs the shipped scorecards over text of other trades, where what a
 * `forbid` item finds is most likely a false alarm. Prints every find for reading, then a table. The data are not part
 * of the repository.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { createAnnotator } from '../src/annotate/index.ts';
import { inspectSession } from '../src/pipeline/index.ts';
import { loadScorecard } from '../src/scorecard/index.ts';
import type { Session, Turn } from '../src/session/index.ts';
import { table } from './bench/measure.ts';
import { readCrossWoz } from './sentiment/corpora.ts';

const dataDir = process.argv[2] ?? '../shared/data';
const watched = [
  'no-forbidden-words',
  'no-blame-shifting',
  'no-impatience',
  'plain-language',
  'calm-tone',
  'no-hedged-answer',
  'no-wrong-answer',
];
type Line = readonly [speaker: 'agent' | 'customer', text: string];

const sets: { name: string; sessions: Session[] }[] = [
  { name: 'CrossWOZ dialogues, system as agent', sessions: await crossWoz() },
  ...(await banking77()),
];
const judges = {
  scorecards: [await loadScorecard('rules/service.en.yaml'), await loadScorecard('rules/service.zh.yaml')],
  annotator: createAnnotator(),
};
const rows = sets.map(({ name, sessions }) => {
  const fails = new Map<string, number>();
  for (const session of sessions) {
    const { items } = inspectSession(
      { session, audio: null, source: { path: name, entry: null }, notices: [] },
      judges,
    );
    for (const { id, verdict, evidence, nearMisses } of items) {
      if (verdict !== 'fail' || !watched.includes(id)) continue;
      fails.set(id, (fails.get(id) ?? 0) + 1);
      const [shown] = [...evidence, ...nearMisses];
      console.log(
        `${name}  ${id}  “${shown?.quote ?? ''}” in: ${session.turns.find(({ n }) => n === shown?.turn)?.text ?? ''}`,
      );
    }
  }
  return [name, sessions.length, ...watched.map((id) => fails.get(id) ?? 0)];
});
console.log(`\n${table(['text', 'sessions', ...watched.map((id) => `\`${id}\``)], rows)}`);

async function crossWoz(): Promise<Session[]> {
  const dialogues = new Map<string, Line[]>();
  for (const { text, role, group } of await readCrossWoz(dataDir))
    dialogues.set(group, [...(dialogues.get(group) ?? []), [role === 'sys' ? 'agent' : 'customer', text]]);
  return [...dialogues.values()].map((lines) => chat('zh', lines));
}

/** Every twentieth question: once asked by a customer, once as if an agent had said it, which no list may mind either. */
async function banking77(): Promise<{ name: string; sessions: Session[] }[]> {
  const content = await readFile(join(dataDir, 'banking77', 'train.csv'), 'utf8');
  const questions = parse<{ text: string }>(content, { columns: true, bom: true }).filter((_, row) => row % 20 === 0);
  const answer = 'Hello, this is Anna. I will check that for you.';
  return [
    {
      name: 'Banking77 questions of a customer',
      sessions: questions.map(({ text }) =>
        chat('en', [
          ['customer', text],
          ['agent', answer],
        ]),
      ),
    },
    {
      name: 'the same put into an agent’s mouth',
      sessions: questions.map(({ text }) =>
        chat('en', [
          ['customer', 'Hello'],
          ['agent', text],
        ]),
      ),
    },
  ];
}

function chat(language: string, lines: readonly Line[]): Session {
  return {
    id: `${language}-chat`,
    channel: 'chat',
    language,
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: '2026-03-02T09:00:00Z',
    attributes: {},
    recording: null,
    transcript: { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: lines.map(([speaker, text], index): Turn => ({
      n: index + 1,
      speaker,
      startMs: index * 10_000,
      endMs: index * 10_000,
      text,
      visibility: 'public',
    })),
  };
}
