import { z } from 'zod';

/** What went wrong when a question was put to a language model; the closed set of reasons for “unknown”. */
export const judgeTroubles = [
  'off',
  'budget-run',
  'budget-session',
  'timeout',
  'unreachable',
  'refused',
  'malformed',
  'unknown-choice',
  'quote-missing',
  'quote-not-found',
] as const;
export type JudgeTrouble = (typeof judgeTroubles)[number];

/** What came of a question: a choice with the words that it rests on, or why there is none. */
export const opinionSchema = z.union([
  z.object({
    /** SHA-256 over the prompt, the question and the words that it was asked about. */
    key: z.string(),
    choice: z.string(),
    /** Where the quoted words stand: `turns[turn-1].text.slice(start, end)`. */
    quote: z.object({ turn: z.number().int(), start: z.number().int(), end: z.number().int() }),
    /** 0…1 as the model gave it. */
    confidence: z.number().min(0).max(1),
  }),
  z.object({ key: z.string(), trouble: z.enum(judgeTroubles), detail: z.string().nullable() }),
]);
export type Opinion = z.infer<typeof opinionSchema>;

/** Everything that a language model had to say about a session: with it the result can be replayed without asking again. */
export const judgePinSchema = z.object({
  model: z.string(),
  /** Version of the prompt. */
  prompt: z.string(),
  /** SHA-256 over model, prompt and answers. */
  hash: z.string(),
  answers: z.array(opinionSchema),
});
export type JudgePin = z.infer<typeof judgePinSchema>;
