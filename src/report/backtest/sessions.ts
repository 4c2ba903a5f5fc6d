import type { Backtest, Localised, SessionList, Standing, UiLanguage } from '../../session/index.ts';
import { fixed } from '../format.ts';
import { type Html, type HtmlValue, both, bothAttribute, html } from '../html/escape.ts';
import { heading, sign, table } from '../html/signs.ts';
import { bandNames } from '../words.ts';
import { backtestWords as words } from './words.ts';

/** Sessions whose outcome is another one, in lists by how. */
export function sessionSection(result: Backtest, language: UiLanguage): Html | null {
  const lists: [Localised, SessionList][] = [
    [words.newlyAutoFailed, result.newlyAutoFailed],
    [words.newlyFailed, result.newlyFailed],
    [words.newlyPassed, result.newlyPassed],
    [words.noLongerAutoFailed, result.noLongerAutoFailed],
    [words.joined, result.workload.joined],
    [words.left, result.workload.left],
  ];
  const filled = lists.filter(([, list]) => list.total > 0);
  if (filled.length === 0) return null;
  return html`<section aria-labelledby="sessions">
    ${heading('sessions', words.sessions)}
    <div class="lists">${filled.map(([title, list]) => sessionList(title, list, language))}</div>
  </section>`;
}

function sessionList(title: Localised, { total, shown }: SessionList, language: UiLanguage): Html {
  return html`<div>
    <h3>${both(title)} ${total}</h3>
    ${
      shown.length > 0 &&
      table(
        bothAttribute('aria-label', title, language),
        html`<th scope="col">${both(words.session)}</th>
          <th scope="col">${both(words.agent)}</th>
          <th scope="col">${both(words.before)}</th>
          <th scope="col">${both(words.after)}</th>`,
        shown.map(
          ({ session, before, after }) =>
            html`<tr>
              <th scope="row">${session.id}</th>
              <td>${session.agentId ?? both(words.notStated)}</td>
              <td>${standing(before)}</td>
              <td>${standing(after)}</td>
            </tr>`,
        ),
      )
    }
    ${total > shown.length && html`<p class="note">${total - shown.length} ${both(words.more)}</p>`}
  </div>`;
}

function standing(value: Standing | null): HtmlValue {
  if (value === null) return both(words.notJudged);
  const { score, passed, autoFails, provisional, band } = value;
  const kind =
    autoFails.length > 0 ? 'autofail' : provisional ? 'unknown' : passed === null ? 'na' : passed ? 'pass' : 'fail';
  return html`${sign(kind)}${score === null ? both(words.unscored) : fixed(score)}
    <span class="soft">${both(bandNames[band])}</span>`;
}
