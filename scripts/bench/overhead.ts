// Pipeline wall time ÷ the same recogniser alone on the same audio, both with the same number of places.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { createAnnotator } from '../../src/annotate/index.ts';
import { readRecording } from '../../src/audio/index.ts';
import { decodeFile } from '../../src/audio/decode.ts';
import { inspectFile } from '../../src/audio/inspect.ts';
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

const pieceSamples = 20 * 16_000;

/** A whole recording as it would be given to a recogniser that stands alone: every channel from start to end, in pieces. */
async function wholeRecording(path: string): Promise<SpeechSegment[]> {
  const input = await inspectFile(path);
  const blocks: Float32Array[][] = [];
  for await (const block of decodeFile(input, () => undefined))
    for (const [channel, samples] of block.entries()) (blocks[channel] ??= []).push(samples);
  await input.file.close();
  return blocks.flatMap((parts, channel) => {
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return Array.from({ length: Math.ceil(all.length / pieceSamples) }, (_, piece) => {
      const samples = all.slice(piece * pieceSamples, (piece + 1) * pieceSamples);
      const startMs = (piece * pieceSamples) / 16;
      const role = channel === 0 ? ('agent' as const) : ('customer' as const);
      return { channel, role, startMs, endMs: startMs + samples.length / 16, audioStartMs: startMs, samples };
    });
  });
}

const seconds = (recordings: SpeechSegment[][]) =>
  recordings.flat().reduce((sum, segment) => sum + segment.endMs - segment.startMs, 0) / 1000;

/** Runs all `rounds` times in turn and compares medians. */
export async function benchOverhead(inputs: string[], jobs: number, rounds = 3): Promise<string> {
  const present = inputs.filter((path) => existsSync(path));
  const recordings: SpeechSegment[][] = [];
  for (const path of present) {
    const segments: SpeechSegment[] = [];
    for await (const event of readRecording(path, {})) if (event.type === 'segment') segments.push(event.segment);
    recordings.push(segments);
  }
  const wholes = await Promise.all(present.map(wholeRecording));
  const times = { segments: [] as number[], recordings: [] as number[], pipeline: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.segments.push(await recogniserAlone(recordings, jobs));
    times.pipeline.push(await wholePipeline(present, jobs));
    times.recordings.push(await recogniserAlone(wholes, jobs));
  }
  const row = (name: string, list: number[], ratio: string) => [
    name,
    median(list).toFixed(2),
    list.map((one) => one.toFixed(2)).join(', '),
    ratio,
  ];
  const against = (alone: number[]) => (median(times.pipeline) / median(alone)).toFixed(3);
  return [
    `Recordings: ${present.length}, ${jobs} at a time, PocketSphinx; medians of ${rounds} rounds in turn.`,
    '',
    table(
      ['', 'seconds (median)', 'all rounds', 'pipeline ÷ it (goal ≤ 1.05)'],
      [
        row('whole pipeline', times.pipeline, ''),
        row(
          `recogniser alone, given the same audio: all channels, ${seconds(wholes).toFixed(0)} s`,
          times.recordings,
          `**${against(times.recordings)}**`,
        ),
        row(
          `recogniser alone, given the speech that the pipeline found in it, ${seconds(recordings).toFixed(0)} s`,
          times.segments,
          `**${against(times.segments)}**`,
        ),
      ],
    ),
    '',
    'The recogniser alone gets its sound decoded and in memory. The last row is the strictest way to compare: it hands over for',
    'nothing what the pipeline worked out, so that what the pipeline adds (decoding, voice activity, its processes, the judging)',
    'stands alone. The next table shows that share by itself.',
  ].join('\n');
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
