import { rmSync } from 'node:fs';
import { EarwitnessError, toProblem } from '../session/index.ts';
import type { FromChild, RecordingJob, ToChild } from './protocol.ts';
import type { Recogniser, RecogniserDefinition, RecogniserSetup } from './recogniser.ts';
import { transcribeRecording } from './recording.ts';
import { registry } from './registry.ts';

// The entry of an inference child: decoding and recognition run here, so that a crash of native code or a blocked
// event loop costs one recording and not the run. One job at a time; the recogniser stays loaded between jobs.

interface Loaded {
  key: string;
  recogniser: Recogniser;
  definition: RecogniserDefinition;
}

let loaded: Loaded | null = null;

async function load(setup: RecogniserSetup): Promise<Loaded> {
  const key = JSON.stringify(setup);
  if (loaded?.key === key) return loaded;
  await loaded?.recogniser.close();
  loaded = null;
  const definition = registry[setup.id];
  if (!definition.open)
    throw new EarwitnessError('internal', setup.id, `The recogniser "${setup.id}" has nothing to load.`);
  loaded = { key, definition, recogniser: await definition.open(setup) };
  return loaded;
}

async function work(job: RecordingJob): Promise<FromChild> {
  try {
    const recogniser = job.recogniser ? await load(job.recogniser) : null;
    const outcome = await transcribeRecording(job, recogniser, (progress) => send({ type: 'progress', progress }));
    return { type: 'done', outcome };
  } catch (error) {
    // A recogniser names itself; whoever reads this wants to know which recording it was.
    return { type: 'failed', problem: { ...toProblem(error, job.path), path: job.path } };
  }
}

function send(message: FromChild): void {
  process.send?.(message);
}

process.on('message', (message: ToChild) => {
  void work(message.job).then(send);
});

// The main process is gone. This process leads a group of its own, with ffmpeg and recogniser programs in it.
process.on('disconnect', () => {
  const dir = process.env.EARWITNESS_CHILD_DIR;
  try {
    if (dir) rmSync(dir, { recursive: true, force: true });
    process.kill(-process.pid, 'SIGKILL');
  } finally {
    process.exit(1);
  }
});

send({ type: 'ready' });
