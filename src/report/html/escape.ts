import type { Localised } from '../../session/index.ts';

/** Markup that is safe to write as it stands. Everything else that meets `html` is escaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/**
 * Template tag: interpolated strings are escaped for text and for quoted attributes alike; lists are joined. Line breaks
 * of the template itself are for its reader: they go inside a tag and become one blank elsewhere. Those of values stay.
 */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const fixedParts = unbroken(parts);
  let markup = fixedParts[0]!;
  for (let i = 0; i < values.length; i++) markup += render(values[i]) + fixedParts[i + 1]!;
  return new Html(markup);
}

const templates = new WeakMap<TemplateStringsArray, string[]>();

function unbroken(parts: TemplateStringsArray): string[] {
  let known = templates.get(parts);
  if (!known) {
    known = parts.map((part) => part.replace(/\s*\n\s*(?=\/?>)/g, '').replace(/\s*\n\s*/g, ' '));
    templates.set(parts, known);
  }
  return known;
}

export const nothing = new Html('');

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeText(value);
  return value.map(render).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const special = /[&<>"']/g;
/** Controls that would vanish, break a file or turn the reading order around; tab and line feed stay. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

/** Escapes text for element content and quoted attributes; harmful control characters become visible `[U+202E]`. */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(controls, (control) => `[U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(special, (character) => entities[character]!);
}

/** Both languages side by side; the page shows the one that its `lang` names. */
export function both(text: Localised): Html {
  if (text.en === text.zh) return html`${text.en}`;
  return html`<span class="e">${text.en}</span><span class="z">${text.zh}</span>`;
}

/** An attribute in both languages: the page swaps it with its language. */
export function bothAttribute(
  name: 'aria-label' | 'title' | 'placeholder',
  text: Localised,
  language: keyof Localised,
): Html {
  return html`${new Html(name)}="${text[language]}" data-l="${name}" data-e="${text.en}" data-z="${text.zh}"`;
}

/** An id as it stands in `id="…"` and after `#`; ids are hostile like any text. */
export function fragment(id: string): string {
  return encodeURIComponent(id.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(/'/g, '%27');
}

/** A link into the list of sessions, filtered: `#item=greeting&verdict=fail`. */
export function filterLink(filter: Record<string, string>): string {
  return `#${Object.entries(filter)
    .map(([key, value]) => `${key}=${fragment(value)}`)
    .join('&')}`;
}
