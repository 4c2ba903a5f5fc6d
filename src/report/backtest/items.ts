import {
  type Backtest,
  type Flip,
  type FlipCounts,
  type FlipSide,
  formatClock,
  type ItemChange,
  type UiLanguage,
  type VerdictCounts,
} from '../../session/index.ts';
import { type Html, type HtmlValue, both, bothAttribute, fragment, html } from '../html/escape.ts';
import { heading, sign, table } from '../html/signs.ts';
import { agreementText, flipText, flipTotal } from './answers.ts';
import { backtestWords as words, flipNames } from './words.ts';

const kinds = Object.keys(flipNames) as (keyof FlipCounts)[];

/** One row per item, those that change first in the scorecard's order. */
export function itemSection({ items, reviews }: Backtest, language: UiLanguage): Html {
  const changed = items.filter((item) => flipTotal(item.flips) > 0 || item.before === null || item.after === null);
  const same = items.filter((item) => !changed.includes(item));
  const label = bothAttribute('aria-label', words.items, language);
  const rows = (list: readonly ItemChange[]) =>
    table(
      label,
      head(reviews !== null),
      list.map((item) => row(item, reviews !== null)),
      'items',
    );
  return html`<section aria-labelledby="items">
    ${heading('items', words.items, words.itemsNote)}
    ${changed.length > 0 ? rows(changed) : html`<p>${sign('pass')} ${both(words.none)}</p>`}
    ${
      same.length > 0 &&
      html`<details class="more">
        <summary>${same.length} ${both(words.unchanged)}</summary>
        ${rows(same)}
      </details>`
    }
  </section>`;
}

function head(reviewed: boolean): Html {
  return html`<th scope="col">${both(words.item)}</th>
    <th scope="col">${both(words.before)}</th>
    <th scope="col">${both(words.after)}</th>
    ${kinds.map((kind) => html`<th scope="col" class="num">${both(flipNames[kind])}</th>`)}
    ${reviewed && html`<th scope="col">${both(words.agreement)}</th>`}`;
}

function row(item: ItemChange, reviewed: boolean): Html {
  const title =
    flipTotal(item.flips) > 0 ? html`<a href="#flips-${fragment(item.id)}">${both(item.title)}</a>` : both(item.title);
  return html`<tr>
    <th scope="row">
      ${title}${item.before === null && item.after !== null && html` <span class="tag">${both(words.added)}</span>`}${
        item.after === null && item.before !== null && html` <span class="tag">${both(words.removed)}</span>`
      }
    </th>
    <td class="counts">${counts(item.before)}</td>
    <td class="counts">${counts(item.after)}</td>
    ${kinds.map((kind) => html`<td class="num${item.flips[kind] === 0 && ' zero'}">${item.flips[kind]}</td>`)}
    ${reviewed && html`<td>${agreement(item)}</td>`}
  </tr>`;
}

function counts(verdicts: VerdictCounts | null): HtmlValue {
  if (verdicts === null) return '–';
  return (['pass', 'fail', 'unknown', 'na'] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => html`${sign(verdict)}${verdicts[verdict]} `);
}

function agreement({ agreement: found }: ItemChange): HtmlValue {
  if (found === null) return '–';
  const [before, after] = [agreementText(found.before), agreementText(found.after)];
  return before === after ? before : html`${before} → ${after}`;
}

/** The changes themselves, with the words that led to either verdict. */
export function proofSection({ items }: Backtest): Html | null {
  const flipped = items.filter(({ examples }) => examples.length > 0);
  if (flipped.length === 0) return null;
  return html`<section aria-labelledby="proof">
    ${heading('proof', words.proof, words.proofNote)} ${flipped.map((item) => itemProof(item))}
  </section>`;
}

function itemProof({ id, title, flips, examples }: ItemChange): Html {
  const rest = flipTotal(flips) - examples.length;
  return html`<article class="flips" id="flips-${fragment(id)}">
    <h3>${both(title)} <span class="soft">${both(flipText(flips))}</span></h3>
    ${examples.map((flip) => flipRow(flip))}${rest > 0 && html`<p class="note">${rest} ${both(words.more)}</p>`}
  </article>`;
}

function flipRow({ session, before, after }: Flip): Html {
  const where = session.source.entry === null ? session.source.path : `${session.source.path}#${session.source.entry}`;
  return html`<div class="flip">
    <div>
      <span class="id">${session.id}</span><br /><span class="soft">${session.agentId ?? both(words.notStated)}</span>
      <span class="sr">${where}</span>
    </div>
    ${side(before, words.before)} ${side(after, words.after)}
  </div>`;
}

function side({ verdict, reason, quote, turn, startMs }: FlipSide, label: (typeof words)['before']): Html {
  const at = startMs === null ? (turn === null ? null : `#${turn}`) : formatClock(startMs);
  return html`<div class="side">
    ${sign(verdict)}
    <div>
      <p><b>${both(label)}</b> ${both(reason)}</p>
      ${quote !== null && html`<p class="words"><q>${quote}</q> ${at !== null && html`<span class="soft">${at}</span>`}</p>`}
    </div>
  </div>`;
}
