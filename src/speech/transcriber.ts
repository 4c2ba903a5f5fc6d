import { availableParallelism } from 'node:os';
import {
  type AudioFacts,
  EarwitnessError,
  type Localised,
  type Problem,
  type Role,
  type Session,
  formatDuration,
} from '../session/index.ts';
import { type Chosen, chooseRecogniser, givenChoice, type RecogniserChoice } from './choose.ts';
import { createHub } from './hub.ts';
import type { ModelProgress } from './models.ts';
import { createPool } from './pool.ts';
import type { JobProgress, RecordingOutcome } from './protocol.ts';
import { type RecogniserId, recogniserIds } from './recogniser.ts';
import { buildTurns, meanConfidence } from './turns.ts';

export interface TranscriberOptions {
  recogniser: string;
  offline: boolean;
  /** Folder of fetched models; one sub-folder per model. */
  modelsDir: string;
  /** Recordings in work at the same time, each in its own process. */
  concurrency: number;
  /** Address of the model hub; default EARWITNESS_MODEL_HUB, then the publisher's. */
  hub?: string | undefined;
  onModelProgress?: ((progress: ModelProgress) => void) | undefined;
  /** A child that reports nothing for so long is ended; default 10 min. */
  stallMs?: number | undefined;
}

export interface TranscribeRequest {
  session: Session;
  path: string;
  channelRoles?: Role[] | undefined;
  /** Names and terms to listen for, where the recogniser can. */
  hotwords?: string[] | undefined;
}

export interface Transcribed {
  /** The session with `recording`, `transcript` and `turns` filled. */
  session: Session;
  audio: AudioFacts;
  notices: Problem[];
}

export interface Transcriber {
  /** Recogniser for recordings in this language that bring no transcript. Asked once per language and run. */
  choose(language: string): Promise<RecogniserChoice>;
  /**
   * Recognises one recording in a child process. A session that has turns already keeps them under `auto` and `given`:
   * then the sound is read for its facts alone.
   * @throws EarwitnessError of choose(), of the audio room, `recogniser-failed`, `cancelled`
   */
  transcribe(
    request: TranscribeRequest,
    options?: { onProgress?: ((progress: JobProgress) => void) | undefined; signal?: AbortSignal | undefined },
  ): Promise<Transcribed>;
  /** Ends the children. Must be called, or the process stays. */
  close(): Promise<void>;
}

/** @throws EarwitnessError `recogniser-unknown` */
export function createTranscriber(options: TranscriberOptions): Transcriber {
  const recogniser = parseRecogniser(options.recogniser);
  const hub = createHub({ offline: options.offline, base: options.hub });
  const size = Math.max(1, Math.floor(options.concurrency));
  const pool = createPool({ size, stallMs: options.stallMs });
  const threads = Math.max(1, Math.floor(availableParallelism() / size));
  const chosen = new Map<string, Promise<Chosen>>();

  const pick = (language: string): Promise<Chosen> => {
    const known = chosen.get(language);
    if (known) return known;
    const { modelsDir, onModelProgress } = options;
    const choice = chooseRecogniser(language, { recogniser, modelsDir, hub, threads, onModelProgress });
    chosen.set(language, choice);
    return choice;
  };

  return {
    async choose(language) {
      // Whoever asks has a recording to be heard.
      pool.warm();
      return (await pick(language)).choice;
    },
    async transcribe(request, { onProgress, signal } = {}) {
      const { session, path } = request;
      const hasTurns = session.turns.length > 0;
      const keep = hasTurns && (recogniser === 'auto' || recogniser === 'given');
      if (recogniser === 'given' && !hasTurns)
        throw new EarwitnessError(
          'recogniser-missing',
          path,
          'No transcript came with this recording, and only given transcripts are allowed.',
          'Deliver a transcript beside the recording, or drop `--recogniser given`.',
        );
      const { choice, setup } = keep ? await givenChoice() : await pick(session.language);
      const { language } = session;
      const roles = request.channelRoles ?? null;
      const job = { path, channelRoles: roles, language, hotwords: request.hotwords ?? [], recogniser: setup };
      const outcome = await pool.run(job, { onProgress, signal });
      return keep
        ? {
            session: { ...session, recording: { ...outcome.recording, path } },
            audio: outcome.facts,
            notices: outcome.notices,
          }
        : recognised(request, choice, outcome);
    },
    close: () => pool.close(),
  };
}

function parseRecogniser(name: string): RecogniserId | 'auto' {
  const known = ['auto', ...recogniserIds] as const;
  const found = known.find((id) => id === name);
  if (found) return found;
  throw new EarwitnessError(
    'recogniser-unknown',
    name,
    `There is no recogniser "${name}".`,
    `Choose one of ${known.join(', ')}; \`earwitness doctor\` shows which of them work here.`,
  );
}

function recognised(request: TranscribeRequest, choice: RecogniserChoice, outcome: RecordingOutcome): Transcribed {
  const { session, path } = request;
  const turns = buildTurns(outcome.utterances);
  const confidence = meanConfidence(turns.flatMap((turn) => turn.words ?? []));
  const { id, name, version, modelHash, licence } = choice;
  const caveats = [...choice.caveats, ...soundCaveats(choice, outcome)];
  if (session.turns.length > 0) caveats.push(replacedCaveat);
  return {
    session: {
      ...session,
      recording: { ...outcome.recording, path },
      transcript: {
        origin: 'recognised',
        recogniser: { id, name, version, modelHash, licence },
        confidence,
        wordTimes: turns.length > 0 && turns.every((turn) => turn.words !== undefined),
        caveats,
      },
      turns,
    },
    audio: outcome.facts,
    notices: [...outcome.notices, ...ownNotices(path, outcome)],
  };
}

const replacedCaveat: Localised = {
  en: 'A transcript came with the recording and was set aside because a recogniser was asked for by name.',
  zh: '录音附带转写文本，但因指定了识别器而未采用。',
};

function soundCaveats(choice: RecogniserChoice, outcome: RecordingOutcome): Localised[] {
  if (choice.id !== 'pocketsphinx' || outcome.recording.sampleRate >= 16_000) return [];
  const khz = outcome.recording.sampleRate / 1000;
  return [
    {
      en: `Telephone sound (${khz} kHz): PocketSphinx' English model was made for 16 kHz, and on narrow-band speech most words may be wrong.`,
      zh: `电话音质（${khz} kHz）：PocketSphinx 的英语模型按 16 kHz 训练，窄带语音的大部分词可能识别错误。`,
    },
  ];
}

function ownNotices(path: string, outcome: RecordingOutcome): Problem[] {
  const notices: Problem[] = [];
  const { segments, wordless, wordlessMs, utterances } = outcome;
  if (wordless > 0)
    notices.push({
      path,
      code: 'speech-unrecognised',
      message: `In ${wordless} of ${segments} stretches of speech (${formatDuration(wordlessMs, 'en')}) no word was recognised; nothing was put in their place.`,
      hint: 'Noise and breath are taken for speech at times. Listen to the recording where much of it is concerned.',
    });
  if (utterances.some((utterance) => utterance.role === 'mixed'))
    notices.push({
      path,
      code: 'speaker-unknown',
      message: 'Both sides are on one channel, so nobody can be told apart: all turns have the speaker "unknown".',
      hint: 'Record agent and customer on separate channels; rules on one speaker answer "unknown" here.',
    });
  return notices;
}
