// Measures reading (decoding, voice activity, segments, facts) of the recordings named on the command line:
//   npx tsx scripts/bench-audio.ts call.wav …
// Peak memory is the process's own, so give one file per run where it matters; ffmpeg's 30 MB or so come on top.
import { performance } from 'node:perf_hooks';
import { readRecording } from '../src/audio/index.ts';

async function measure(path: string): Promise<Record<string, unknown>> {
  const start = performance.now();
  let segments = 0;
  let segmentMs = 0;
  for await (const event of readRecording(path)) {
    if (event.type === 'segment') {
      segments++;
      segmentMs += event.segment.samples.length / 16;
    }
    if (event.type !== 'facts') continue;
    const wallMs = performance.now() - start;
    return {
      path,
      durationS: event.facts.durationMs / 1000,
      channels: event.recording.channels,
      wallS: Math.round(wallMs / 100) / 10,
      timesRealTime: Math.round(event.facts.durationMs / wallMs),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      segments,
      segmentS: Math.round(segmentMs / 1000),
      notices: event.notices.map((notice) => notice.code),
    };
  }
  throw new Error(`${path} ended without facts`);
}

async function main(): Promise<void> {
  for (const path of process.argv.slice(2)) console.log(JSON.stringify(await measure(path)));
}

void main();
