import type { Localised } from '../session/index.ts';

/** A sentence in both languages, each written and not translated word by word. */
export function both(en: string, zh: string): Localised {
  return { en, zh };
}
