// A long stereo call: wall time and memory against its length, through the whole pipeline.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnnotator } from '../../src/annotate/index.ts';
import { readRecording } from '../../src/audio/index.ts';
import { inspectBatch } from '../../src/pipeline/index.ts';
import { loadScorecard } from '../../src/scorecard/index.ts';
import { createTranscriber } from '../../src/speech/index.ts';
import { table, withPeakMemory } from './measure.ts';

const rate = 8000;

/** Writes a stereo 16-bit WAV of `minutes` by repeating the speech of `source`, a two-sided recording. */
async function writeLongCall(source: string, minutes: number, path: string): Promise<void> {
  const pcm = await stereoPcm(source);
  const bytes = minutes * 60 * rate * 4;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 4, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  const file = openSync(path, 'w');
  writeSync(file, header);
  for (let written = 0; written < bytes;) written += writeSync(file, pcm, 0, Math.min(pcm.length, bytes - written));
  closeSync(file);
}

/** The speech segments of a recording put back in place as interleaved 8 kHz stereo. */
async function stereoPcm(source: string): Promise<Buffer> {
  const channels: { at: number; samples: Float32Array; channel: number }[] = [];
  let durationMs = 0;
  for await (const event of readRecording(source, {})) {
    if (event.type === 'segment')
      channels.push({ at: event.segment.audioStartMs, samples: event.segment.samples, channel: event.segment.channel });
    if (event.type === 'facts') durationMs = event.facts.durationMs;
  }
  const frames = Math.ceil((durationMs * rate) / 1000);
  const pcm = Buffer.alloc(frames * 4);
  for (const { at, samples, channel } of channels) {
    for (let i = 0; i < samples.length; i += 2) {
      const frame = Math.round((at * rate) / 1000) + i / 2;
      if (frame < frames)
        pcm.writeInt16LE(Math.round(Math.max(-1, Math.min(1, samples[i]!)) * 32_767), frame * 4 + channel * 2);
    }
  }
  return pcm;
}

interface LongCallOptions {
  source: string;
  minutes: number[];
  recogniser: 'pocketsphinx' | 'sherpa';
  modelsDir: string;
}

/** Inspects calls of growing length one after the other. */
export async function benchLongCall({ source, minutes, recogniser, modelsDir }: LongCallOptions): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'earwitness-long-'));
  const scorecards = [await loadScorecard('rules/service.en.yaml')];
  const rows: (string | number)[][] = [];
  try {
    for (const length of minutes) {
      const path = join(dir, `call-${length}.wav`);
      await writeLongCall(source, length, path);
      const { value, peakMb, seconds } = await withPeakMemory(async () => {
        const transcriber = createTranscriber({ recogniser, offline: true, modelsDir, concurrency: 1 });
        try {
          return await inspectBatch({
            inputs: [path],
            intake: { defaultLanguage: 'en', tempDir: dir },
            transcriber,
            judges: { scorecards, annotator: createAnnotator() },
            cache: null,
            concurrency: 1,
            signal: new AbortController().signal,
            onEvent: () => undefined,
          });
        } finally {
          await transcriber.close();
        }
      });
      const turns = value.sessions[0]?.turns.length;
      if (turns === undefined) throw new Error(JSON.stringify(value.failures));
      rows.push([
        `${length} min`,
        seconds.toFixed(1),
        (seconds / length).toFixed(2),
        `${((length * 60) / seconds).toFixed(0)} ×`,
        turns,
        peakMb.toFixed(0),
      ]);
      rmSync(path);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return table(['call', 'wall s', 's per minute', 'real time', 'turns', 'peak RSS of all processes, MB'], rows);
}
