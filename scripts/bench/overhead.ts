// Pipeline wall time ÷ the same recogniser alone on the same audio, both with the same number of places.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { createAnnotator } from '../../src/annotate/index.ts';
import { readRecording } from '../../src/audio/index.ts';
import { inspectBatch } from '../../src/pipeline/index.ts';
import { loadScorecard } from '../../src/scorecard/index.ts';
import { createTranscriber } from '../../src/speech/index.ts';
import type { SpeechSegment } from '../../src/audio/index.ts';
import { registry } from '../../src/speech/registry.ts';
import { table, timed } from './measure.ts';

/** Same grouping as the pipeline's, so that the model is loaded equally often. */
function batches(segments: SpeechSegment[], limit: { segments: number; ms: number }): SpeechSegment[][] {
  const groups: SpeechSegment[][] = [[]];
  let ms = 0;
  for (const segment of segments) {
    const length = segment.endMs - segment.startMs;
    if (groups.at(-1)!.length > 0 && (groups.at(-1)!.length >= limit.segments || ms + length > limit.ms)) {
      groups.push([]);
      ms = 0;
    }
    groups.at(-1)!.push(segment);
    ms += length;
  }
  return groups;
}

async function recogniserAlone(recordings: SpeechSegment[][], jobs: number): Promise<number> {
  const recogniser = await registry.pocketsphinx.open!({ id: 'pocketsphinx', model: null, language: 'en', threads: 1 });
  const limit = pLimit(jobs);
  const { seconds } = await timed(() =>
    Promise.all(
      recordings.map((segments) =>
        limit(async () => {
          for (const batch of batches(segments, registry.pocketsphinx.batch))
            await recogniser.recognise(batch, { language: 'en', hotwords: [] });
        }),
      ),
    ),
  );
  await recogniser.close();
  return seconds;
}

async function wholePipeline(inputs: string[], jobs: number): Promise<number> {
  const tempDir = mkdtempSync(join(tmpdir(), 'earwitness-bench-'));
  const scorecards = await Promise.all(
    ['rules/service.en.yaml', 'rules/service.zh.yaml'].map((file) => loadScorecard(file)),
  );
  try {
    const { seconds } = await timed(async () => {
      const transcriber = createTranscriber({
        recogniser: 'pocketsphinx',
        offline: true,
        modelsDir: 'models/cache',
        concurrency: jobs,
      });
      try {
        const outcome = await inspectBatch({
          inputs,
          intake: { defaultLanguage: 'en', tempDir },
          transcriber,
          judges: { scorecards, annotator: createAnnotator() },
          cache: null,
          concurrency: jobs,
          signal: new AbortController().signal,
          onEvent: () => undefined,
        });
        if (outcome.sessions.length !== inputs.length)
          throw new Error(`${outcome.sessions.length} of ${inputs.length} recordings came through`);
      } finally {
        await transcriber.close();
      }
    });
    return seconds;
  } finally {
    rmSync(tempDir, { recursive: true, force: true });
  }
}

/** Runs both `rounds` times in turn and compares medians. */
export async function benchOverhead(inputs: string[], jobs: number, rounds = 3): Promise<string> {
  const present = inputs.filter((path) => existsSync(path));
  const recordings: SpeechSegment[][] = [];
  for (const path of present) {
    const segments: SpeechSegment[] = [];
    for await (const event of readRecording(path, {})) if (event.type === 'segment') segments.push(event.segment);
    recordings.push(segments);
  }
  const speech = recordings.flat().reduce((sum, segment) => sum + segment.endMs - segment.startMs, 0) / 1000;
  const alone: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds; round++) {
    alone.push(await recogniserAlone(recordings, jobs));
    whole.push(await wholePipeline(present, jobs));
  }
  const ratio = median(whole) / median(alone);
  return [
    `Recordings: ${present.length}, ${speech.toFixed(0)} s of speech, ${jobs} at a time, PocketSphinx; medians of ${rounds} rounds in turn.`,
    '',
    table(
      ['', 'seconds (median)', 'all rounds'],
      [
        [
          'recogniser alone (segments in memory)',
          median(alone).toFixed(2),
          alone.map((one) => one.toFixed(2)).join(', '),
        ],
        ['whole pipeline', median(whole).toFixed(2), whole.map((one) => one.toFixed(2)).join(', ')],
        ['**ratio** (goal ≤ 1.05)', `**${ratio.toFixed(3)}**`, ''],
      ],
    ),
    '',
    'The recogniser alone is handed the segments cut and in memory, the strictest way to compare: what the pipeline adds is',
    'decoding, voice activity and the start of its processes. The next table shows that share by itself.',
  ].join('\n');
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
