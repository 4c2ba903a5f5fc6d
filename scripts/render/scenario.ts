import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { languageSchema, parseDuration } from '../../src/session/index.ts';

/** `350ms`, `2.5s`, `-300ms` → ms. A sign is allowed, because a gap may be negative. */
const spanOfTime = z.string().transform((text, context) => {
  const negative = text.startsWith('-');
  const ms = parseDuration(negative ? text.slice(1) : text);
  if (ms === null) {
    context.addIssue({ code: 'custom', message: `"${text}" is no length of time; write 350ms, 2.5s or 1min` });
    return z.NEVER;
  }
  return negative ? -ms : ms;
});

const turnStep = z
  .strictObject({
    agent: z.string().optional(),
    customer: z.string().optional(),
    /** Quiet between the latest end so far and this turn's first word. */
    gap: spanOfTime.optional(),
    /** Starts this long before the other side's running turn ends. */
    overlap: spanOfTime.optional(),
  })
  .refine((step) => (step.agent === undefined) !== (step.customer === undefined), 'a turn has one speaker')
  .refine((step) => step.gap === undefined || step.overlap === undefined, 'a turn has a gap or an overlap, not both');

const pauseStep = z.strictObject({ hold: spanOfTime, sound: z.enum(['quiet', 'music']).default('quiet') });

export const voiceNames = [
  'flite/slt',
  'flite/rms',
  'flite/awb',
  'flite/kal16',
  'festival/slt',
  'festival/kal',
  'espeak/cmn-f',
  'espeak/cmn-m',
] as const;
const voiceSchema = z.strictObject({
  voice: z.enum(voiceNames),
  /** 1 is the voice's own speed, 1.1 is a tenth slower. */
  stretch: z.number().min(0.7).max(1.6).default(1),
  /** Loudness of the speech, dB relative to −23 dBFS. */
  gainDb: z.number().min(-20).max(12).default(0),
});
export type VoiceSettings = z.infer<typeof voiceSchema>;

export const scenarioSchema = z.strictObject({
  id: z.string(),
  /** What the call is there to show, one sentence. */
  shows: z.string(),
  language: languageSchema,
  agentId: z.string(),
  customerId: z.string(),
  team: z.string(),
  queue: z.enum(['billing', 'repairs', 'orders']),
  startedAt: z.iso.datetime({ offset: true }),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Where these facts are written for intake to find. `transcript`: a sidecar that carries the turns as well. */
  facts: z.enum(['sidecar', 'manifest', 'filename', 'transcript']),
  audio: z.strictObject({
    format: z.enum(['wav-pcm16', 'wav-mulaw', 'mp3', 'opus']),
    sampleRate: z.union([z.literal(8000), z.literal(16000)]),
    /** stereo: agent left · swapped: agent right · identical: the mix on both sides · mono: the mix on one channel. */
    layout: z.enum(['stereo', 'swapped', 'identical', 'mono']),
    /** Ring tone before anybody speaks. */
    ring: spanOfTime.optional(),
    /** Quiet before the first speech (after the ring tone) and after the last. */
    lead: spanOfTime.default(400),
    tail: spanOfTime.default(500),
  }),
  voices: z.strictObject({ agent: voiceSchema, customer: voiceSchema }),
  steps: z.array(z.union([turnStep, pauseStep])).min(1),
});
export type Scenario = z.infer<typeof scenarioSchema>;
export type Step = Scenario['steps'][number];
export type TurnStep = z.infer<typeof turnStep>;

/** The side and the words of a turn step. */
export function lineOf(step: TurnStep): { speaker: 'agent' | 'customer'; text: string } {
  return step.agent === undefined
    ? { speaker: 'customer', text: step.customer ?? '' }
    : { speaker: 'agent', text: step.agent };
}

/** Whether a step is spoken (a turn) or a pause. */
export function isTurn(step: Step): step is TurnStep {
  return !('hold' in step);
}

/** Reads one scenario script. Throws with the file's name and every problem in it; the id must be the file's stem. */
export async function readScenario(path: string): Promise<Scenario> {
  const parsed = scenarioSchema.safeParse(parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  if (`${parsed.data.id}.yaml` !== basename(path))
    throw new Error(`${path}: id is ${parsed.data.id}, not the file's name`);
  return parsed.data;
}

/** The audio file's extension for a format. */
export function extensionOf(format: Scenario['audio']['format']): string {
  return { 'wav-pcm16': 'wav', 'wav-mulaw': 'wav', mp3: 'mp3', opus: 'ogg' }[format];
}
