import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import pLimit from 'p-limit';
import { createAnnotator } from '../../src/annotate/index.ts';
import { type IntakeSession, readInputs } from '../../src/intake/index.ts';
import { inspectSession, type Judges } from '../../src/pipeline/index.ts';
import { loadScorecard } from '../../src/scorecard/index.ts';
import { type Session, sessionSchema, type SessionResult } from '../../src/session/index.ts';
import { createTranscriber, type Transcriber } from '../../src/speech/index.ts';

/** How the words of a session came about; each is reported apart. */
export type Stratum = 'calls-recognised' | 'calls-given' | 'chats' | 'tickets';

export interface Inspected {
  /** The session's name in fixtures/labels. */
  name: string;
  stratum: Stratum;
  result: SessionResult;
}

const demo = 'fixtures/batches/demo';

/** The demo batch as a user would inspect it, and its English calls once more with the words of their scripts. */
export async function inspectDemo(): Promise<Inspected[]> {
  const tempDir = mkdtempSync(join(tmpdir(), 'earwitness-agreement-'));
  const jobs = availableParallelism();
  const transcriber = createTranscriber({
    recogniser: 'auto',
    offline: true,
    modelsDir: join(tempDir, 'no-models'),
    concurrency: jobs,
  });
  const scorecards = await Promise.all(
    ['rules/service.en.yaml', 'rules/service.zh.yaml'].map((file) => loadScorecard(file)),
  );
  const judges: Judges = { scorecards, annotator: createAnnotator() };
  const limit = pLimit(jobs);
  const work: Promise<Inspected[]>[] = [];
  try {
    for await (const item of readInputs([demo], { defaultLanguage: 'en', tempDir })) {
      if (item.kind === 'failure') throw new Error(`${item.problem.path}: ${item.problem.message}`);
      work.push(limit(() => inspectItem(item, transcriber, judges)));
    }
    return (await Promise.all(work)).flat();
  } finally {
    await transcriber.close();
    rmSync(tempDir, { recursive: true, force: true });
  }
}

async function inspectItem(item: IntakeSession, transcriber: Transcriber, judges: Judges): Promise<Inspected[]> {
  const { session, recordingPath } = item;
  if (recordingPath === null) {
    const result = inspectSession({ session, audio: null, source: item.source, notices: item.notices }, judges);
    return [{ name: basename(session.id), stratum: session.channel === 'chat' ? 'chats' : 'tickets', result }];
  }
  const name = basename(recordingPath, extname(recordingPath));
  const hear = async (heard: Session, stratum: Stratum): Promise<Inspected> => {
    const {
      session: full,
      audio,
      notices,
    } = await transcriber.transcribe({
      session: heard,
      path: recordingPath,
      channelRoles: item.channelRoles ?? undefined,
    });
    return {
      name,
      stratum,
      result: inspectSession(
        { session: full, audio, source: item.source, notices: [...item.notices, ...notices] },
        judges,
      ),
    };
  };
  if (session.turns.length > 0) return [await hear(session, 'calls-given')];
  return [await hear(session, 'calls-recognised'), await hear(withScript(session, name), 'calls-given')];
}

/** A recording's session with the turns that its script knows, as if they had been delivered with it. */
function withScript(session: Session, name: string): Session {
  const truth = JSON.parse(readFileSync(`fixtures/truth/demo/${name}.json`, 'utf8')) as { session: { turns: unknown } };
  const turns = sessionSchema.shape.turns.parse(truth.session.turns);
  return {
    ...session,
    turns,
    transcript: { origin: 'given', recogniser: null, confidence: null, wordTimes: true, caveats: [] },
  };
}
