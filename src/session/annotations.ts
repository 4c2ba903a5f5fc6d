import { z } from 'zod';
import { msSchema, speakerSchema } from './primitives.ts';

const spanSchema = z.object({ startMs: msSchema, endMs: msSchema });
export type Span = z.infer<typeof spanSchema>;

/** What the sound itself says, before any word is recognised. Written by audio/, carried through speech/. */
export const audioFactsSchema = z.object({
  durationMs: msSchema,
  /** Two channels whose samples are the same were found and merged: speakers and overlaps cannot be told. */
  identicalChannels: z.boolean(),
  channels: z.array(
    z.object({
      role: z.enum(['agent', 'customer', 'mixed']),
      /** Voice activity, ordered, not overlapping. `db`: mean power of the stretch, dBFS; absent in older results. */
      speech: z.array(spanSchema.extend({ db: z.number().optional() })),
      /** Loudness of the speech parts, dBFS; null where there is no speech. */
      speechDb: z.number().nullable(),
      /** Loudness of the rest, dBFS; null where there is none. */
      noiseDb: z.number().nullable(),
      /** Share of samples at full scale, 0…1. */
      clipped: z.number(),
      /** Peak amplitudes 0…1 over equal slices of the recording (at most 1,000), for drawing. */
      peaks: z.array(z.number()),
    }),
  ),
  /** Nobody speaks. `hold` where music or tone, not quiet, fills the gap. */
  silences: z.array(spanSchema.extend({ hold: z.boolean() })),
  /** Both sides speak. Empty and meaningless when `overlapTrusted` is false. */
  overlaps: z.array(spanSchema),
  overlapTrusted: z.boolean(),
  vad: z.object({ name: z.string(), version: z.string() }),
});
export type AudioFacts = z.infer<typeof audioFactsSchema>;

export const turnSentimentSchema = z.object({
  turn: z.number().int(),
  speaker: speakerSchema,
  /** −1 (very negative) … 1 (very positive). */
  score: z.number().min(-1).max(1),
  /** 0…1: how far the model commits itself; short or out-of-vocabulary turns are low. */
  confidence: z.number().min(0).max(1),
});
export type TurnSentiment = z.infer<typeof turnSentimentSchema>;

const sentimentSummarySchema = z.object({
  turns: z.number().int(),
  mean: z.number(),
  min: z.number(),
  /** The turn with the lowest score. */
  minTurn: z.number().int(),
  /** Mean of the last three scored turns. */
  end: z.number(),
  /** Least-squares slope × number of turns: change over the session. */
  trend: z.number(),
  /** Largest fall from an earlier to a later turn. */
  swing: z.number(),
  /** Longest run of turns below −0.25. */
  negativeRun: z.number().int(),
});
export type SentimentSummary = z.infer<typeof sentimentSummarySchema>;

export const sentimentSchema = z.object({
  model: z.object({ id: z.string(), version: z.string(), hash: z.string() }),
  turns: z.array(turnSentimentSchema),
  customer: sentimentSummarySchema.nullable(),
  agent: sentimentSummarySchema.nullable(),
});
export type Sentiment = z.infer<typeof sentimentSchema>;

export const measuresSchema = z.object({
  /** The four time zeros a rule may choose, ms on the session's clock; null where the session has no such word. */
  zero: z.object({
    recordingStart: msSchema,
    firstSpeech: msSchema.nullable(),
    firstAgentWord: msSchema.nullable(),
    firstCustomerWord: msSchema.nullable(),
  }),
  durationMs: msSchema.nullable(),
  /** False when turns lack times or times had to be guessed: timing rules then answer `unknown`. */
  timesTrusted: z.boolean(),
  /** Why times are not trusted, when they are not. */
  timesNote: z.object({ en: z.string(), zh: z.string() }).nullable(),
  turnCount: z.object({ agent: z.number().int(), customer: z.number().int(), all: z.number().int() }),
  talkMs: z.object({ agent: msSchema, customer: msSchema }).nullable(),
  /**
   * Gaps: next start − latest previous end. `previousTurn` is the turn that the gap follows (null before the first).
   * Every gap of at least one second.
   */
  silences: z.array(
    spanSchema.extend({
      previousTurn: z.number().int().nullable(),
      nextTurn: z.number().int().nullable(),
      hold: z.boolean(),
    }),
  ),
  /**
   * Talk-over: `by` starts while `over` has not ended. Every overlap of at least 200 ms with the text that was
   * said into it; back-channels are told apart by the rule, not here.
   */
  interruptions: z.array(
    spanSchema.extend({
      by: z.enum(['agent', 'customer']),
      turn: z.number().int(),
      overTurn: z.number().int(),
      characters: z.number().int(),
      words: z.number().int(),
    }),
  ),
  /** False on mono or unknown speakers: interruption rules then answer `unknown`. */
  overlapTrusted: z.boolean(),
  /**
   * First unanswered customer message → next human, public agent message. Automatic replies do not answer.
   * `waitMs` null: never answered, or times unknown.
   */
  responses: z.array(
    z.object({ customerTurn: z.number().int(), agentTurn: z.number().int().nullable(), waitMs: msSchema.nullable() }),
  ),
  /** Agent's and customer's mean rate: characters/min for CJK, words/min otherwise. */
  speechRate: z.object({ agent: z.number().nullable(), customer: z.number().nullable() }).nullable(),
});
export type Measures = z.infer<typeof measuresSchema>;

/** Everything that later rooms know about a session beside its words. */
export const annotationsSchema = z.object({
  sentiment: sentimentSchema,
  measures: measuresSchema,
  audio: audioFactsSchema.nullable(),
});
export type Annotations = z.infer<typeof annotationsSchema>;
