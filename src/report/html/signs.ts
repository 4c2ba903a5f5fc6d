import type { Band, Localised, Verdict } from '../../session/index.ts';
import type { Mean } from '../model/statistics.ts';
import { fixed } from '../format.ts';
import { bandNames } from '../words.ts';
import type { Html } from './escape.ts';
import { type HtmlValue, both, html } from './escape.ts';

export type Sign = Verdict | 'autofail';

/** Verdict as a shape: circle, square, diamond, ring, barred square. Its name for screen readers stands in the style. */
export function sign(kind: Sign): Html {
  return html`<i class="v v-${kind}"></i>`;
}

/** One to four bars and the band's name. */
export function bandBadge(band: Band, probability: number): Html {
  return html`<span class="band b-${band}"><i></i>${both(bandNames[band])} ${fixed(probability, 2)}</span>`;
}

/** Hint beside a heading. */
export function heading(id: string, title: Localised, note?: Localised): Html {
  return html`<h2 id="${id}">${both(title)}</h2>
    ${note && html`<p class="note">${both(note)}</p>`}`;
}

/** A number for SVG: at most two decimals, no exponent. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/**
 * A mean as a dot on 0…100 with its interval as a line; where too few are behind it, hollow and grey and without an
 * interval (that of two sessions would span the whole scale). The figures stand
 * in the next column, so the drawing itself is hidden from screen readers.
 */
export function dotPlot(mean: Mean, options: { muted: boolean; passMark: number | null }): Html {
  const x = (value: number) => `${coordinate(2 + Math.min(100, Math.max(0, value)) * 0.96)}%`;
  const line =
    options.muted || mean.low === null || mean.high === null
      ? null
      : html`<line class="ci" x1="${x(mean.low)}" x2="${x(mean.high)}" y1="9" y2="9" />`;
  const mark =
    options.passMark === null
      ? null
      : html`<line class="pm" x1="${x(options.passMark)}" x2="${x(options.passMark)}" y1="0" y2="18" />`;
  return html`<svg class="dot${options.muted ? ' muted' : ''}" height="18" aria-hidden="true">
    <line class="axis" x1="2%" x2="98%" y1="9" y2="9" />
    ${mark}${line}
    <circle cx="${x(mean.mean)}" cy="9" r="4.5" />
  </svg>`;
}

/** A share 0…1 as a bar. */
export function bar(share: number, kind: 'cost' | 'risk' | 'auto', extra = 0): Html {
  const width = coordinate(Math.max(0, Math.min(1, share)) * 100);
  const second =
    extra > 0
      ? html`<rect class="bar-auto" width="${coordinate(Math.min(share, extra) * 100)}%" height="10" y="1" />`
      : null;
  return html`<svg class="bar" height="12" aria-hidden="true">
    <rect class="bar-${kind}" width="${width}%" height="10" y="1" />
    ${second}
  </svg>`;
}

/** A table whose wide form scrolls sideways on narrow screens instead of breaking the page. */
export function table(label: HtmlValue, head: HtmlValue, body: HtmlValue, classes = ''): Html {
  return html`<div class="scroll" tabindex="0" role="region" ${label}>
    <table class="${classes}">
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
