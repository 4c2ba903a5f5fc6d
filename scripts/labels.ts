/**
 * The human labels of the demo batch: what a careful reader of the script expects of every scorecard item. They are
 * judged from what was said against the item's sentence, never from what some rule answers, so they can measure rules.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { bandSchema, channelSchema, type Channel, verdictSchema } from '../src/session/index.ts';

const everywhere = [
  'empathy-after-complaint',
  'plain-language',
  'no-forbidden-words',
  'no-blame-shifting',
  'no-impatience',
  'calm-tone',
  'no-wrong-answer',
  'no-hedged-answer',
  'next-steps-told',
  'handover-explained',
  'callback-time-named',
  'resolution-confirmed',
  'customer-leaves-calm',
];
const spoken = ['greeting', 'need-confirmed', 'closing-thanks', 'survey-invitation'];

/** The items of the shipped service scorecards that apply to a channel. A label file names each of them, no other. */
export const labelledItems: Record<Channel, readonly string[]> = {
  call: [...spoken, 'identity-within-10s', 'no-dead-air', 'hold-announced', 'no-interruptions', ...everywhere],
  chat: [...spoken, 'first-reply-30s', 'no-long-waits', 'promise-kept', ...everywhere],
  ticket: ['request-acknowledged', 'first-reply-4h', 'ticket-fields-complete', 'promise-kept', ...everywhere],
};

const itemLabelSchema = z
  .strictObject({
    /** What a person who heard or read the session would say. */
    verdict: verdictSchema,
    /** Other verdicts that a reasonable person, or an honest program, could give: the case is debatable. */
    accept: z.array(verdictSchema).min(1).optional(),
    why: z.string().min(1).optional(),
    /** 1-based turn that proves the verdict, and words of it. */
    turn: z.number().int().min(1).optional(),
    quote: z.string().min(1).optional(),
  })
  .refine(({ verdict, why }) => verdict !== 'fail' || why !== undefined, 'a fail says why')
  .refine(
    ({ accept, why, verdict }) => !accept || verdict === 'na' || why !== undefined || verdict === 'pass',
    'a debatable verdict says why',
  )
  .refine(({ accept, verdict }) => !accept?.includes(verdict), 'accept names other verdicts than the expected one')
  .refine(({ turn, quote }) => quote === undefined || turn !== undefined, 'a quote names its turn');
export type ItemLabel = z.infer<typeof itemLabelSchema>;

const shorthand = verdictSchema.transform((verdict): ItemLabel => ({ verdict }));

export const labelFileSchema = z
  .strictObject({
    session: z.string().min(1),
    channel: channelSchema,
    /** Verdicts that are right for any item of this session beside the person's own, and why. */
    acceptEverywhere: z.strictObject({ verdicts: z.array(verdictSchema).min(1), why: z.string().min(1) }).optional(),
    items: z.record(z.string(), z.union([shorthand, itemLabelSchema])),
    /** The band that a supervisor would expect, inclusive. */
    risk: z
      .strictObject({ atLeast: bandSchema.optional(), atMost: bandSchema.optional() })
      .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'give atLeast, atMost or both'),
  })
  .superRefine(({ channel, items }, context) => {
    const known = labelledItems[channel];
    for (const item of Object.keys(items))
      if (!known.includes(item))
        context.addIssue({ code: 'custom', path: ['items', item], message: `no item of a ${channel}` });
    for (const item of known)
      if (!(item in items)) context.addIssue({ code: 'custom', path: ['items'], message: `${item} has no label` });
  });
export type LabelFile = z.infer<typeof labelFileSchema>;

/** Reads every label file of a folder, by session id. Throws with the file's name and all problems in it. */
export async function loadLabels(folder: string): Promise<Map<string, LabelFile>> {
  const labels = new Map<string, LabelFile>();
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()) {
    const read = labelFileSchema.safeParse(parse(await readFile(join(folder, name), 'utf8')));
    if (!read.success) throw new Error(`${join(folder, name)}: ${z.prettifyError(read.error)}`);
    if (`${read.data.session}.yaml` !== name)
      throw new Error(`${join(folder, name)}: labels ${read.data.session}, not the file's name`);
    labels.set(read.data.session, read.data);
  }
  return labels;
}

/** Whether a verdict agrees with the label, counting what is debatable as agreement. */
export function agrees(file: LabelFile, item: string, verdict: ItemLabel['verdict']): boolean {
  const label = file.items[item];
  if (!label) return false;
  return (
    label.verdict === verdict ||
    Boolean(label.accept?.includes(verdict)) ||
    Boolean(file.acceptEverywhere?.verdicts.includes(verdict))
  );
}
