import type { GroupChange, Localised, ScoreChange, UiLanguage } from '../../session/index.ts';
import { fixed, signed } from '../format.ts';
import { type Html, both, bothAttribute, html } from '../html/escape.ts';
import { coordinate, heading, table } from '../html/signs.ts';
import { byFall, shownHalfWidth } from './answers.ts';
import { backtestWords as words } from './words.ts';

/** Agents or teams with how their mean moves; nothing where nobody is named. */
export function groupSection(
  id: 'agents' | 'teams',
  title: Localised,
  groups: readonly GroupChange[],
  language: UiLanguage,
): Html | null {
  if (groups.every(({ key }) => key === null)) return null;
  const reach = Math.max(
    1,
    ...groups.map(({ score }) => (score ? Math.abs(score.change) + (shownHalfWidth(score) ?? 0) : 0)),
  );
  return html`<section aria-labelledby="${id}">
    ${heading(id, title, words.groupsNote)}
    ${table(
      bothAttribute('aria-label', title, language),
      html`<th scope="col">${both(title)}</th>
        <th scope="col" class="plot">${both(words.change)}</th>
        <th scope="col"></th>
        <th scope="col" class="num">${both(words.before)}</th>
        <th scope="col" class="num">${both(words.after)}</th>
        <th scope="col" class="num">${both(words.sessionsColumn)}</th>
        <th scope="col" class="num">${both(words.flipsColumn)}</th>
        <th scope="col" class="num">${both(words.newlyFailed)}</th>
        <th scope="col" class="num">${both(words.newlyPassed)}</th>
        <th scope="col" class="num">${both(words.newlyAutoFailed)}</th>`,
      byFall(groups).map((group) => row(group, Math.min(100, reach))),
      'groups',
    )}
  </section>`;
}

function row(
  { key, score, sessions, flips, newlyFailed, newlyPassed, newlyAutoFailed }: GroupChange,
  reach: number,
): Html {
  const number = (value: number) => html`<td class="num${value === 0 && ' zero'}">${value}</td>`;
  return html`<tr>
    <th scope="row">${key ?? both(words.notStated)}</th>
    <td class="plot">${score && plot(score, reach)}</td>
    <td class="num">
      ${score ? html`<b>${signed(score.change)}</b>${interval(score)} <span class="soft">(n ${score.n})</span>` : '–'}
    </td>
    <td class="num">${score ? fixed(score.before) : '–'}</td>
    <td class="num">${score ? fixed(score.after) : '–'}</td>
    ${number(sessions)}${number(flips)}${number(newlyFailed)}${number(newlyPassed)}${number(newlyAutoFailed)}
  </tr>`;
}

/** The change as a dot around 0 with its interval; hollow where there is one session. */
function plot(score: ScoreChange, reach: number): Html {
  const { change } = score;
  const halfWidth = shownHalfWidth(score);
  const x = (value: number) => `${coordinate(50 + (Math.max(-reach, Math.min(reach, value)) / reach) * 47)}%`;
  return html`<svg class="delta${halfWidth === null && ' muted'}" height="18" aria-hidden="true">
    <line class="axis" x1="3%" x2="97%" y1="9" y2="9" />
    <line class="axis0" x1="50%" x2="50%" y1="0" y2="18" />
    ${halfWidth !== null && html`<line class="ci" x1="${x(change - halfWidth)}" x2="${x(change + halfWidth)}" y1="9" y2="9" />`}
    <circle cx="${x(change)}" cy="9" r="4.5" />
  </svg>`;
}

function interval(score: ScoreChange): Html | null {
  const halfWidth = shownHalfWidth(score);
  return halfWidth === null ? null : html` ±${fixed(halfWidth)}`;
}
