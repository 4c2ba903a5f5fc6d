import type { Backtest, CardComparison, UiLanguage } from '../../session/index.ts';
import { fixed, percent, signed } from '../format.ts';
import { type Html, type HtmlValue, both, bothAttribute, html } from '../html/escape.ts';
import { pageHead } from '../html/head.ts';
import { heading, sign } from '../html/signs.ts';
import { styleSheet } from '../html/style.ts';
import { backtestAnswers, cardNames, flipText, flipTotal } from './answers.ts';
import { groupSection } from './groups.ts';
import { itemSection, proofSection } from './items.ts';
import { sessionSection } from './sessions.ts';
import { backtestStyle } from './style.ts';
import { backtestWords as words } from './words.ts';

/** Language and print; the page can be read without it. */
const script = /* js */ `
(() => {
'use strict';
const root = document.documentElement;
root.classList.add('js');
document.addEventListener('click', (event) => {
  const what = event.target.closest?.('[data-do]')?.dataset.do;
  if (what === 'print') window.print();
  if (what !== 'language') return;
  root.lang = root.lang.startsWith('zh') ? 'en' : 'zh';
  const key = root.lang.startsWith('zh') ? 'z' : 'e';
  for (const element of document.querySelectorAll('[data-l]')) element.setAttribute(element.dataset.l, element.dataset[key]);
});
})();
`;

const style = styleSheet + backtestStyle;
/** A backtest as one self-contained page in the look of the report. Both languages are inside; `language` shows first. */
export function backtestPage(result: Backtest, language: UiLanguage): string {
  const names = cardNames(result);
  const title = `${words.title[language]} · ${names[language]}`;
  return `${pageHead({ language, title, generator: result.engine, style, script })}${navigation(language).markup}
<main>
${body(result, language).markup}
</main>
<script>${script}</script>
</body>
</html>
`;
}

function navigation(language: UiLanguage): Html {
  return html`<nav class="bar-top" ${bothAttribute('aria-label', words.title, language)}>
    <span class="brand">earwitness</span><a href="#items">${both(words.items)}</a
    ><a href="#proof">${both(words.proof)}</a><a href="#sessions">${both(words.sessionsColumn)}</a
    ><a href="#agents">${both(words.agents)}</a><a href="#card">${both(words.card)}</a><span class="grow"></span
    ><span class="needs-js"
      ><button type="button" data-do="print">${both(words.print)}</button
      ><button type="button" data-do="language" ${bothAttribute('aria-label', words.switchLanguage, language)}>
        ${both(words.language)}
      </button></span
    >
  </nav>`;
}

function body(result: Backtest, language: UiLanguage): Html {
  return html`${masthead(result)} ${tiles(result)} ${itemSection(result, language)} ${proofSection(result)}
  ${sessionSection(result, language)} ${groupSection('agents', words.agents, result.agents, language)}
  ${groupSection('teams', words.teams, result.teams, language)} ${cardSection(result)} ${failureSection(result)}`;
}

function masthead(result: Backtest): Html {
  const answers = backtestAnswers(result);
  const { judged, newlyCovered, noLongerCovered, leftOut } = result.sessions;
  const parts = [
    { en: `${judged} sessions judged`, zh: `评定 ${judged} 个会话` },
    ...(newlyCovered > 0 ? [{ en: `${newlyCovered} newly covered`, zh: `新纳入 ${newlyCovered} 个` }] : []),
    ...(noLongerCovered > 0
      ? [{ en: `${noLongerCovered} no longer covered`, zh: `不再适用 ${noLongerCovered} 个` }]
      : []),
    ...(leftOut > 0
      ? [{ en: `${leftOut} of other scorecards left out`, zh: `${leftOut} 个不属于此评分卡，未计` }]
      : []),
  ];
  return html`<section class="mast" aria-labelledby="top">
    <h1 id="top">${both(cardNames(result))}</h1>
    <p class="note">${both(words.title)} ${parts.map((part) => html` · ${both(part)}`)} · ${result.engine}</p>
    <dl class="answers">
      ${(['what', 'whom', 'work', 'right'] as const).map(
        (key) =>
          html`<div>
            <dt>${both(words[key])}</dt>
            <dd>${both(answers[key])}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function tiles({ score, passed, autoFailed, flips, sessions, workload }: Backtest): Html {
  const arrow = (a: HtmlValue, b: HtmlValue) => html`${a} <span class="arrow">→</span> ${b}`;
  const rate = ({ passed: count, n }: Backtest['passed']['before']) => (n === 0 ? '–' : percent(count / n));
  const minutes = workload.before.calls + workload.after.calls > 0;
  const change =
    score &&
    html`${tone(score.change, signed(score.change))}${score.halfWidth !== null && html` ±${fixed(score.halfWidth)}`} (n
    ${score.n})`;
  return html`<section class="tiles five">
    ${tile(words.meanScore, score ? arrow(fixed(score.before), fixed(score.after)) : '–', score ? change : both(words.unscored))}
    ${tile(
      words.passRate,
      arrow(rate(passed.before), rate(passed.after)),
      html`${passed.before.passed} / ${passed.before.n} → ${passed.after.passed} / ${passed.after.n}`,
    )}
    ${tile(
      words.autoFails,
      html`${autoFailed.after > 0 && sign('autofail')} ${arrow(autoFailed.before, autoFailed.after)}`,
      both({ en: 'sessions', zh: '个会话' }),
    )}
    ${tile(
      words.flips,
      flipTotal(flips),
      flipTotal(flips) > 0
        ? html`${both({ en: `in ${sessions.flipped} sessions`, zh: `涉及 ${sessions.flipped} 个会话` })}<br />${both(flipText(flips))}`
        : both(words.none),
    )}
    ${tile(
      words.toReview,
      arrow(workload.before.sessions, workload.after.sessions),
      html`${both(words.toReviewNote)}${
        minutes &&
        html`<br />${both({
            en: `calls: ${fixed(workload.before.minutes, 0)} → ${fixed(workload.after.minutes, 0)} min`,
            zh: `通话：${fixed(workload.before.minutes, 0)} → ${fixed(workload.after.minutes, 0)} 分钟`,
          })}`
      }`,
    )}
  </section>`;
}

function tile(label: (typeof words)[keyof typeof words], figure: HtmlValue, detail: HtmlValue): Html {
  return html`<div class="tile">
    <h3>${both(label)}</h3>
    <strong>${figure}</strong>
    <p>${detail}</p>
  </div>`;
}

/** A fall is red and a rise green, beside its sign. */
export function tone(value: number, text: string): Html {
  return Math.abs(value) < 0.05 ? html`${text}` : html`<span class="${value < 0 ? 'worse' : 'better'}">${text}</span>`;
}

function cardSection({ against }: Backtest): Html {
  return html`<section aria-labelledby="card">
    ${heading('card', words.card)} ${against.map((one) => cardChanges(one))}
  </section>`;
}

function cardChanges({ card, sessions, added, removed, renamed, settings }: CardComparison): Html {
  const row = (label: HtmlValue, value: HtmlValue) =>
    html`<dt>${label}</dt>
      <dd>${value}</dd>`;
  const ids = (list: readonly string[]) => list.map((id, index) => html`${index > 0 && ', '}<code>${id}</code>`);
  const same = added.length + removed.length + renamed.length + settings.length === 0;
  return html`<h3>
      ${card.id} v${card.version} · <code>${card.hash.slice(0, 16)}</code> · ${sessions} ${both(words.judgedBy)}
    </h3>
    ${same && html`<p class="note">${both(words.sameItems)}</p>`}
    <dl class="facts">
      ${added.length > 0 && row(both(words.added), ids(added))}
      ${removed.length > 0 && row(both(words.removed), ids(removed))}
      ${
        renamed.length > 0 &&
        row(
          both(words.renamed),
          renamed.map(({ from, to }, index) => html`${index > 0 && ', '}<code>${from}</code> → <code>${to}</code>`),
        )
      }
      ${
        settings.length > 0 &&
        row(
          both(words.settings),
          settings.map(
            ({ item, setting, before, after }) =>
              html`<div>${item !== null && html`<code>${item}</code> `}${setting}: ${before} → ${after}</div>`,
          ),
        )
      }
    </dl>`;
}

function failureSection({ failures }: Backtest): Html | null {
  if (failures.length === 0) return null;
  return html`<section aria-labelledby="failures">
    ${heading('failures', words.failures)}
    <ul class="problems">
      ${failures.map(({ path, message, hint }) => html`<li>${sign('fail')}<code>${path}</code>: ${message} ${hint}</li>`)}
    </ul>
  </section>`;
}
