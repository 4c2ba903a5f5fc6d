import { z } from 'zod';

/** How the customer reached the company. */
export const channelSchema = z.enum(['call', 'chat', 'ticket']);
export type Channel = z.infer<typeof channelSchema>;

/**
 * Who speaks. `unknown` is an honest outcome of a mono recording or of an import that names nobody:
 * rules that depend on the speaker then answer `unknown`, never `pass` or `fail`.
 */
export const speakerSchema = z.enum(['agent', 'customer', 'bot', 'system', 'unknown']);
export type Speaker = z.infer<typeof speakerSchema>;

/** A BCP 47 language tag; rules look at its primary subtag (`en`, `zh`). */
export const languageSchema = z.string().regex(/^[a-z]{2,3}([-_][A-Za-z0-9]+)*$/);

/** Text written (not translated word by word) in both languages of the product. */
export const localisedSchema = z.object({ en: z.string(), zh: z.string() });
export type Localised = z.infer<typeof localisedSchema>;

/** The language of reports, screens and terminal output. */
export type UiLanguage = keyof Localised;

/** Integer milliseconds on the session's own clock: the recording's first sample, or a chat's first message, is 0. */
export const msSchema = z.number().int();

/** The primary subtag of a language tag: `zh-Hant` → `zh`. */
export function primaryLanguage(tag: string): string {
  return tag.toLowerCase().split(/[-_]/, 1)[0] ?? tag;
}
