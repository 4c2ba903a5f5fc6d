import { readRecording } from '../audio/index.ts';
import { EarwitnessError } from '../session/index.ts';
import { sha256OfFile } from './hash.ts';
import type { JobProgress, RecordingJob, RecordingOutcome } from './protocol.ts';
import type { SpeechSegment } from '../audio/index.ts';
import type { Recogniser, RecogniserDefinition, Recognition } from './recogniser.ts';
import type { Utterance } from './turns.ts';

/**
 * Reads one recording and recognises its speech. Segments are gathered into batches of the recogniser's size, so that
 * the sound of no more than one batch is held, however long the call is.
 * @param loaded the recogniser with its definition, or null to read the sound for its facts alone
 */
export async function transcribeRecording(
  job: RecordingJob,
  loaded: { recogniser: Recogniser; definition: RecogniserDefinition } | null,
  onProgress: (progress: JobProgress) => void,
): Promise<RecordingOutcome> {
  const sha256 = sha256OfFile(job.path);
  // Awaited at the end; a fault in reading is told by the decoder first.
  sha256.catch(() => undefined);
  const tally = { utterances: [] as Utterance[], segments: 0, wordless: 0, wordlessMs: 0 };
  const limit = loaded?.definition.batch;
  let batch: SpeechSegment[] = [];
  let batchMs = 0;
  let read: JobProgress = { doneMs: 0, totalMs: 0 };
  let outcome: Pick<RecordingOutcome, 'facts' | 'recording' | 'notices'> | null = null;
  const flush = async () => {
    if (!loaded || batch.length === 0) return;
    const context = { language: job.language, hotwords: job.hotwords };
    const answers = await loaded.recogniser.recognise(batch, context);
    for (const [i, segment] of batch.entries()) add(tally, segment, answers[i]);
    batch = [];
    batchMs = 0;
    onProgress(read);
  };
  const roles = job.channelRoles ? { channelRoles: job.channelRoles } : {};
  for await (const event of readRecording(job.path, roles)) {
    if (event.type === 'progress') {
      read = { doneMs: event.doneMs, totalMs: event.totalMs };
      // What is read but waits for its batch is not done.
      onProgress({ ...read, doneMs: Math.min(read.doneMs, batch[0]?.startMs ?? read.doneMs) });
    } else if (event.type === 'facts')
      outcome = {
        facts: event.facts,
        recording: { ...event.recording, sha256: await sha256 },
        notices: event.notices,
      };
    else if (limit) {
      const ms = event.segment.endMs - event.segment.startMs;
      if (batch.length > 0 && (batch.length >= limit.segments || batchMs + ms > limit.ms)) await flush();
      batch.push(event.segment);
      batchMs += ms;
    }
  }
  await flush();
  if (!outcome) throw new EarwitnessError('internal', job.path, 'The recording was read without a summary of it.');
  return { ...outcome, ...tally };
}

function add(
  tally: Pick<RecordingOutcome, 'utterances' | 'segments' | 'wordless' | 'wordlessMs'>,
  segment: SpeechSegment,
  answer: Recognition | undefined,
): void {
  const { channel, role, startMs, endMs, audioStartMs } = segment;
  tally.segments++;
  if (!answer || answer.text === '' || answer.words?.length === 0) {
    tally.wordless++;
    tally.wordlessMs += endMs - startMs;
    return;
  }
  const words = answer.words?.map((word) => ({
    ...word,
    startMs: audioStartMs + word.startMs,
    endMs: audioStartMs + word.endMs,
  }));
  tally.utterances.push({ channel, role, startMs, endMs, text: answer.text, words: words ?? null });
}
