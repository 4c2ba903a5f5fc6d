import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import yauzl from 'yauzl';

/** Class index: 0 negative, 1 neutral, 2 positive. */
export type Label = 0 | 1 | 2;
export interface Example {
  text: string;
  label: Label;
  /** What must not be split between training and evaluation (a dialogue); the text itself where nothing is. */
  group: string;
  /** 1 unless stated; texts that were only assumed to be neutral weigh less and do not shift the class balance. */
  weight?: number;
}

/**
 * GoEmotions' 27 emotions and `neutral` → three classes. Positive and negative follow the grouping of the GoEmotions
 * paper; its four ambiguous emotions (confusion, curiosity, realization, surprise) are neutral, because in service
 * “why is that?” is a question, not a mood.
 */
const emotionLabels: Record<string, Label> = {
  admiration: 2, amusement: 2, approval: 2, caring: 2, desire: 2, excitement: 2, gratitude: 2, joy: 2, love: 2,
  optimism: 2, pride: 2, relief: 2,
  anger: 0, annoyance: 0, disappointment: 0, disapproval: 0, disgust: 0, embarrassment: 0, fear: 0, grief: 0,
  nervousness: 0, remorse: 0, sadness: 0,
  confusion: 1, curiosity: 1, realization: 1, surprise: 1, neutral: 1,
}; // prettier-ignore

/** Banking77 intents that only ask for information; the others may carry a complaint and are not called neutral. */
const informationalIntents = new Set([
  'activate_my_card', 'age_limit', 'apple_pay_or_google_pay', 'atm_support', 'automatic_top_up', 'card_about_to_expire',
  'card_acceptance', 'card_delivery_estimate', 'card_linking', 'change_pin', 'country_support',
  'disposable_card_limits', 'edit_personal_details', 'exchange_rate', 'exchange_via_app', 'fiat_currency_support',
  'get_disposable_virtual_card', 'get_physical_card', 'getting_spare_card', 'getting_virtual_card', 'order_physical_card',
  'receiving_money', 'supported_cards_and_currencies', 'top_up_by_bank_transfer_charge', 'top_up_by_card_charge',
  'top_up_limits', 'topping_up_by_card', 'transfer_into_account', 'verify_my_identity', 'verify_source_of_funds',
  'verify_top_up', 'visa_or_mastercard', 'why_verify_identity',
]); // prettier-ignore

/** GoEmotions, one of its files; a comment with both positive and negative emotions is left out. */
export async function readGoEmotions(dataDir: string, file: 'train.tsv' | 'dev.tsv'): Promise<Example[]> {
  const folder = join(dataDir, 'goemotions');
  const names = (await readFile(join(folder, 'labels.txt'), 'utf8')).trim().split('\n');
  const examples: Example[] = [];
  for (const line of (await readFile(join(folder, file), 'utf8')).split('\n')) {
    const [text, ids] = line.split('\t');
    if (!text || !ids) continue;
    const found = new Set(ids.split(',').map((id) => emotionLabels[names[Number(id)]!.trim()]!));
    if (found.has(0) && found.has(2)) continue;
    examples.push({ text, label: found.has(0) ? 0 : found.has(2) ? 2 : 1, group: text });
  }
  return examples;
}

/** CPED utterances with their published sentiment; the group is the dialogue, `show` the series it comes from. */
export async function readCped(dataDir: string): Promise<(Example & { show: string })[]> {
  const content = await readFile(join(dataDir, 'cped', 'valid_split.csv'), 'utf8');
  const rows = parse<Record<string, string>>(content, { columns: true, bom: true });
  return rows.map((row) => ({
    text: row['Utterance']!,
    label: ({ negative: 0, neutral: 1, positive: 2 } as const)[row['Sentiment'] as 'negative'],
    group: row['Dialogue_ID']!,
    show: row['TV_ID']!,
  }));
}

/** CrossWOZ turns; the corpus has no sentiment, its task dialogues are polite requests and answers. */
export async function readCrossWoz(dataDir: string): Promise<{ text: string; role: 'usr' | 'sys'; group: string }[]> {
  const zip = await yauzl.openPromise(join(dataDir, 'crosswoz', 'val.json.zip'));
  const chunks: Buffer[] = [];
  for await (const entry of zip.eachEntry()) {
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  }
  const dialogues = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<
    string,
    { messages: { role: 'usr' | 'sys'; content: string }[] }
  >;
  return Object.entries(dialogues).flatMap(([group, { messages }]) =>
    messages.map(({ role, content }) => ({ text: content, role, group })),
  );
}

/** Banking77 questions of the informational intents. */
export async function readBankingQuestions(dataDir: string): Promise<{ text: string; group: string }[]> {
  const content = await readFile(join(dataDir, 'banking77', 'train.csv'), 'utf8');
  return parse<Record<string, string>>(content, { columns: true, bom: true })
    .filter((row) => informationalIntents.has(row['category']!))
    .map((row) => ({ text: row['text']!, group: row['text']! }));
}

/** Hand-written service sentences: language ⇥ speaker ⇥ label ⇥ half (tune | test) ⇥ text. */
export async function readServiceCheck(path: string): Promise<ServiceSentence[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));
  return lines.map((line) => {
    const [language, speaker, label, half, text] = line.split('\t') as [string, string, string, string, string];
    return {
      language: language as 'en' | 'zh',
      speaker: speaker as 'agent' | 'customer',
      label: ({ neg: 0, neu: 1, pos: 2 } as const)[label as 'neg'],
      half: half as 'tune' | 'test',
      text,
    };
  });
}

export interface ServiceSentence {
  language: 'en' | 'zh';
  speaker: 'agent' | 'customer';
  label: Label;
  half: 'tune' | 'test';
  text: string;
}

/** A reproducible share 0…1 for a group name: which side of a split it falls on does not depend on file order. */
export function shareOf(group: string, salt: string): number {
  let hash = 0x811c9dc5;
  for (const character of salt + group) {
    hash ^= character.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 2 ** 32;
}
