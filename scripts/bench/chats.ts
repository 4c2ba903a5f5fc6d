// Chats per second through annotate + scorecard + risk, one core.
import { createAnnotator } from '../../src/annotate/index.ts';
import { inspectSession } from '../../src/pipeline/index.ts';
import { loadScorecard } from '../../src/scorecard/index.ts';
import type { Session } from '../../src/session/index.ts';
import { table } from './measure.ts';

/** Judges the given chats round and round for about `seconds` after a warm-up of the same kind. */
export async function benchChats(chats: Session[], seconds = 5): Promise<string> {
  const scorecards = await Promise.all(
    ['rules/service.en.yaml', 'rules/service.zh.yaml'].map((file) => loadScorecard(file)),
  );
  const judges = { scorecards, annotator: createAnnotator() };
  const rows = (['en', 'zh'] as const).map((language) => {
    const own = chats.filter((chat) => chat.language.startsWith(language));
    const run = (until: number) => {
      let n = 0;
      const start = performance.now();
      while (performance.now() - start < until * 1000) {
        const session = own[n % own.length]!;
        // Another id each time: nothing may be remembered from one chat to the next.
        inspectSession(
          {
            session: { ...session, id: `${session.id}-${n}` },
            audio: null,
            source: { path: 'bench', entry: null },
            notices: [],
          },
          judges,
        );
        n++;
      }
      return n / ((performance.now() - start) / 1000);
    };
    run(1);
    const rate = run(seconds);
    const turns = own.reduce((sum, chat) => sum + chat.turns.length, 0) / own.length;
    return [language, own.length, turns.toFixed(1), rate.toFixed(0), (rate * turns).toFixed(0)];
  });
  return table(['language', 'different chats', 'turns each (mean)', 'chats per second', 'turns per second'], rows);
}
