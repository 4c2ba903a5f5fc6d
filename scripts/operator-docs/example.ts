import { type Annotator, createAnnotator } from '../../src/annotate/index.ts';
import {
  evaluate,
  type ExampleSession,
  loadScorecard,
  type OperatorExample,
  statedOpinions,
} from '../../src/scorecard/index.ts';
import { type AudioFacts, type ItemResult, type Session, type Span, type Turn } from '../../src/session/index.ts';

let annotator: Annotator | undefined;

/** Judges an example as `inspect` would: the scorecard is loaded, the session measured, the one item judged. */
export async function runExample(example: OperatorExample): Promise<ItemResult> {
  const texts = new Map([
    ['/example/scorecard.yaml', scorecardOf(example)],
    ...Object.entries(example.files ?? {}).map(([name, text]) => [`/example/${name}`, text] as const),
  ]);
  const card = await loadScorecard('/example/scorecard.yaml', {
    read: (path) => {
      const text = texts.get(path);
      return text === undefined
        ? Promise.reject(Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' }))
        : Promise.resolve(text);
    },
  });
  const session = sessionOf(example.session);
  annotator ??= createAnnotator();
  const annotations = annotator.annotate(session, audioOf(example.session, session));
  const opinions = statedOpinions(example.session.opinions ?? {});
  return evaluate(card, session, annotations, { opinions }).items[0]!;
}

function scorecardOf({ rule, top = '', session }: OperatorExample): string {
  const item = rule.trimEnd().replace(/^/gm, '        ');
  return [
    'id: example',
    'version: 1',
    `language: ${session.language}`,
    top,
    'sections:',
    '  - id: section',
    '    title: Section',
    '    items:',
    '      - id: item',
    '        title: Item',
    item,
    '',
  ].join('\n');
}

function sessionOf({ channel, language, startedAt, attributes, turns }: ExampleSession): Session {
  const ms = (seconds: number) => Math.round(seconds * 1000);
  return {
    id: 'example',
    channel,
    language,
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: startedAt ?? null,
    attributes: { ...attributes },
    recording: null,
    transcript: {
      origin: channel === 'call' ? 'given' : 'written',
      recogniser: null,
      confidence: null,
      wordTimes: false,
      caveats: [],
    },
    turns: turns.map((given, index): Turn => {
      const [speaker, start, end] = given;
      const text = given.length === 4 ? given[3] : given[2];
      const endMs = typeof end === 'number' ? ms(end) : ms(start);
      return { n: index + 1, speaker, startMs: ms(start), endMs, text, visibility: 'public' };
    }),
  };
}

/** What a recording with one channel for each side would show: every turn is one stretch of speech. */
function audioOf({ loudness }: ExampleSession, session: Session): AudioFacts | null {
  if (!loudness) return null;
  const channel = (role: 'agent' | 'customer'): AudioFacts['channels'][number] => ({
    role,
    speech: session.turns
      .filter(({ speaker }) => speaker === role)
      .map(({ n, startMs, endMs }): Span & { db?: number } => {
        const db = loudness[n];
        return { startMs: startMs ?? 0, endMs: endMs ?? 0, ...(db !== undefined && { db }) };
      }),
    speechDb: null,
    noiseDb: null,
    clipped: 0,
    peaks: [],
  });
  return {
    durationMs: session.turns.at(-1)?.endMs ?? 0,
    identicalChannels: false,
    channels: [channel('agent'), channel('customer')],
    silences: [],
    overlaps: [],
    overlapTrusted: true,
    vad: { name: 'example', version: '1' },
  };
}
