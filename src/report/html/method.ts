import type { UiLanguage } from '../../session/index.ts';
import type { ProblemGroup, ReportModel } from '../model/types.ts';
import { methodNames, verdictNames, words } from '../words.ts';
import { type Html, both, bothAttribute, html } from './escape.ts';
import { heading, sign, table } from './signs.ts';

/** What could not be inspected, and what was inspected with a caveat: each with what to do. */
export function problemSections(model: ReportModel): Html {
  const { failures, notices } = model.headline.coverage;
  return html`${failures.length > 0 && html`<section aria-labelledby="failures">${heading('failures', words.failures)}${failures.map((group) => problems(group, true))}</section>`}
  ${notices.length > 0 && html`<section aria-labelledby="notices">${heading('notices', words.notices)}${notices.map((group) => problems(group, false))}</section>`}`;
}

function problems(group: ProblemGroup, open: boolean): Html {
  return html`<details class="more" ${open && group.n <= 20 && html` open`}>
    <summary>${sign(open ? 'fail' : 'unknown')}<code>${group.code}</code> × ${group.n}</summary>
    <ul class="problems">
      ${group.problems.map(
        ({ path, message, hint }) =>
          html`<li><code>${path}</code> ${message}${hint && html` <span class="soft">${hint}</span>`}</li>`,
      )}
    </ul>
  </details>`;
}

/** Recogniser with reason and caveat, scorecards with version and hash, how the figures are made. */
export function methodSection(model: ReportModel, language: UiLanguage): Html {
  return html`<section aria-labelledby="method">
    ${heading('method', words.method)}
    <dl class="facts">
      <dt>${both(words.recogniser)}</dt>
      <dd>${recogniser(model)}</dd>
      <dt>${both(words.scorecards)}</dt>
      <dd>${scorecards(model, language)}</dd>
      <dt>${both(words.figures)}</dt>
      <dd>${both(words.figuresText)}</dd>
      <dt>${both(words.inputs)}</dt>
      <dd>${model.inputs.map((input) => html`<code>${input}</code> `)}</dd>
      <dt>${both(words.engine)}</dt>
      <dd>${model.engine}</dd>
    </dl>
  </section>`;
}

function recogniser({ recogniser }: ReportModel): Html {
  if (!recogniser) return both(words.nothingRecognised);
  const licence = recogniser.licence && html`, ${both(words.licence)} ${recogniser.licence}`;
  const hash = recogniser.modelHash && html` · <code>${recogniser.modelHash.slice(0, 12)}</code>`;
  return html`<b>${recogniser.name}</b> (${recogniser.id} ${recogniser.version}${licence})${hash}<br />${both(recogniser.reason)}${recogniser.caveats.map(
      (caveat) => html`<br />${sign('unknown')}${both(words.caveat)}: ${both(caveat)}`,
    )}`;
}

function scorecards(model: ReportModel, language: UiLanguage): Html {
  const head = html`<th scope="col">${both(words.scorecard)}</th>
    <th scope="col">${both(words.version)}</th>
    <th scope="col">${both(words.scoring)}</th>
    <th scope="col" class="num">${both(words.passMark)}</th>
    <th scope="col" class="num">${both(words.sessionsColumn)}</th>`;
  const rows = model.scorecards.map(
    (card) =>
      html`<tr>
        <th scope="row">${both(card.title)}<br /><code class="soft">${card.path}</code></th>
        <td>${card.id} v${card.version} · <code>${card.shortHash}</code></td>
        <td>${both(methodNames[card.method])}</td>
        <td class="num">${card.passMark}</td>
        <td class="num">${card.sessions}</td>
      </tr>`,
  );
  return table(bothAttribute('aria-label', words.scorecards, language), head, rows);
}

/** The five shapes and their names. */
export function legend(): Html {
  return html`<p class="legend">
    <span class="sr">${both(words.legend)}: </span>${(['pass', 'fail', 'unknown', 'na'] as const).map(
      (verdict) => html`<span>${sign(verdict)}${both(verdictNames[verdict])}</span>`,
    )}<span>${sign('autofail')}${both(words.autoFailItem)}</span>
  </p>`;
}
