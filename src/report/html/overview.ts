import type { Localised, UiLanguage } from '../../session/index.ts';
import { fixed, instantText, percent, rangeText } from '../format.ts';
import type { Headline, HighRiskReason, HighRiskSession, ItemRow, ReportModel } from '../model/types.ts';
import { bandNames, channelNames, criticalNames, words } from '../words.ts';
import { type Html, type HtmlValue, both, bothAttribute, filterLink, fragment, html } from './escape.ts';
import { bandBadge, bar, coordinate, heading, sign, table } from './signs.ts';
import { type SessionContext, timeLink } from './context.ts';

/** How many high-risk sessions are spelled out; the rest is one click away. */
const shownHighRisk = 20;

/** Title, period and the four answers. */
export function masthead(model: ReportModel): Html {
  const period =
    model.period &&
    html` · ${both(words.period)} ${both(range(instantText(model.period.from), instantText(model.period.to)))}`;
  return html`<section class="mast" aria-labelledby="top">
    <h1 id="top">${model.title}</h1>
    <p class="note">
      ${both(words.report)}${period} · ${both(words.generated)} ${both(instantText(model.generatedAt))}
    </p>
    <dl class="answers">
      ${(['good', 'where', 'whom', 'change'] as const).map(
        (key) =>
          html`<div>
            <dt>${both(words[key])}</dt>
            <dd>${both(model.answers[key])}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function range(from: Localised, to: Localised): Localised {
  const join = (a: string, b: string) => (a === b ? a : `${a} – ${b}`);
  return { en: join(from.en, to.en), zh: join(from.zh, to.zh) };
}

/** The headline row: one figure per tile, each with its interval and n. */
export function headlineRow(headline: Headline): Html {
  const { score, passRate, coverage, bands } = headline;
  const before = headline.scoreBeforeAutoFail;
  const highRisk = bands.critical + bands.high;
  return html`<section class="tiles">
    ${tile(
      words.meanScore,
      score ? html`${fixed(score.mean)}` : '–',
      score
        ? html`${score.halfWidth !== null && html`±${fixed(score.halfWidth)} `}(n
          ${score.n})${
            headline.autoFailed > 0 && before && html`<br />${both(words.beforeAutoFail)} ${fixed(before.mean)}`
          }`
        : both(words.unscored),
    )}
    ${tile(
      words.passRate,
      passRate ? percent(passRate.rate) : '–',
      html`${passRate && html`${rangeText(passRate)} (n ${passRate.n})<br />`}${
        headline.passMark === null ? both(words.passMarksDiffer) : html`${both(words.passMark)} ${headline.passMark}`
      }`,
    )}
    ${tile(
      words.autoFails,
      html`${headline.autoFailed > 0 && sign('autofail')} ${headline.autoFailed}`,
      html`${both(words.autoFailSessions)}${
        headline.autoFailsUnconfirmed > 0 && html`<br />${headline.autoFailsUnconfirmed} ${both(words.unconfirmed)}`
      }`,
      filterLink({ verdict: 'autofail' }),
    )}
    ${tile(
      words.highRisk,
      html`${highRisk}`,
      html`${both(bandNames.critical)} ${bands.critical} · ${both(bandNames.high)} ${bands.high}<br />${both(words.hearFirst)}`,
      '#risk',
    )}
    ${criticalTile(headline)}
    ${tile(
      words.coverage,
      html`${coverage.inspected}<small> / ${coverage.found}</small>`,
      html`${coverage.failed > 0 && html`<a href="#failures">${sign('fail')}${coverage.failed} ${both(words.failedInputs)}</a><br />`}${
        coverage.provisional > 0 &&
        html`<a href="${filterLink({ verdict: 'provisional' })}"
            >${sign('unknown')}${coverage.provisional} ${both(words.provisional)}</a
          ><br />`
      }${coverage.unscored > 0 && html`<a href="${filterLink({ verdict: 'unscored' })}">${sign('na')}${coverage.unscored} ${both(words.unscored)}</a>`}`,
    )}
  </section>`;
}

function tile(label: Localised, figure: HtmlValue, detail: HtmlValue, link?: string): Html {
  const big = html`<strong>${figure}</strong>`;
  return html`<div class="tile">
    <h3>${both(label)}</h3>
    ${link ? html`<a class="big" href="${link}">${big}</a>` : big}
    <p>${detail}</p>
  </div>`;
}

function criticalTile({ critical }: Headline): Html {
  return html`<div class="tile wide">
    <h3>${both(words.criticalAccuracy)}</h3>
    <table class="mini">
      ${critical.map(
        (row) =>
          html`<tr>
            <th scope="row">
              ${row.failed > 0 ? sign('fail') : row.judged > 0 ? sign('pass') : sign('na')}${both(criticalNames[row.class])}
            </th>
            <td>
              ${
                row.accuracy
                  ? html`<b>${percent(row.accuracy.rate)}</b> ${rangeText(row.accuracy)} (n ${row.judged})`
                  : '–'
              }
            </td>
            <td>${row.unknown > 0 && html`${sign('unknown')}${row.unknown}`}</td>
          </tr>`,
      )}
    </table>
  </div>`;
}

/** The item table: failing items as a Pareto, the rest folded away below. */
export function itemTable(model: ReportModel, language: UiLanguage): Html {
  const failing = model.items.filter((item) => item.failed > 0);
  const clean = model.items.filter((item) => item.failed === 0);
  const most = failing[0]?.costPerSession ?? 0;
  const label = bothAttribute('aria-label', words.items, language);
  return html`<section aria-labelledby="items">
    ${heading('items', words.items, words.itemsNote)}
    ${
      failing.length > 0 &&
      table(
        label,
        itemHead(),
        failing.map((item) => itemRow(item, most)),
        'items',
      )
    }
    ${
      clean.length > 0 &&
      html`<details class="more">
        <summary>${clean.length} ${both(words.neverFailed)}</summary>
        ${table(
          label,
          itemHead(),
          clean.map((item) => itemRow(item, most)),
          'items',
        )}
      </details>`
    }
  </section>`;
}

function itemHead(): Html {
  return html`<th scope="col">${both(words.item)}</th>
    <th scope="col" class="plot">${both(words.cost)}</th>
    <th scope="col" class="num">${both(words.share)}</th>
    <th scope="col" class="num">${both(words.cumulative)}</th>
    <th scope="col">${both(words.failRate)}</th>
    <th scope="col" class="num">${both(words.failed)}</th>
    <th scope="col" class="num">${both(words.judged)}</th>
    <th scope="col" class="num">${both(words.unknown)}</th>
    <th scope="col" class="num">${both(words.na)}</th>`;
}

function itemRow(item: ItemRow, most: number): Html {
  const scale = most > 0 ? item.costPerSession / most : 0;
  const auto = item.cost > 0 ? (item.autoFailCost / item.cost) * scale : 0;
  const title = both(item.title);
  const kind = item.critical && html` <span class="tag">${both(criticalNames[item.critical])}</span>`;
  const autoTag = item.autoFail !== 'none' && html` <span class="tag">${both(words.autoFailItem)}</span>`;
  return html`<tr>
    <th scope="row">
      ${item.failed > 0 ? html`<a href="${filterLink({ item: item.id, verdict: 'itemfail' })}">${title}</a>` : title}${kind}${autoTag}
    </th>
    <td class="plot">${item.cost > 0 && html`${bar(scale, 'cost', auto)}<b>−${fixed(item.costPerSession, 2)}</b>`}</td>
    <td class="num">${item.cost > 0 && percent(item.costShare)}</td>
    <td class="num soft">${item.cost > 0 && percent(item.cumulativeShare)}</td>
    <td>${item.failRate && failRateCell(item)}</td>
    <td class="num">${item.failed}</td>
    <td class="num">${item.passed + item.failed}</td>
    <td class="num">
      ${item.unknown > 0 ? html`<a href="${filterLink({ item: item.id, verdict: 'itemunknown' })}">${sign('unknown')}${item.unknown}</a>` : '0'}
    </td>
    <td class="num soft">${item.na}</td>
  </tr>`;
}

function failRateCell({ failRate }: ItemRow): Html {
  const { rate, low, high } = failRate!;
  const x = (share: number) => `${coordinate(3 + share * 94)}%`;
  return html`<span class="rate"
    ><svg height="12" aria-hidden="true">
      <line class="axis" x1="3%" x2="97%" y1="6" y2="6" />
      <line class="ci" x1="${x(low)}" x2="${x(high)}" y1="6" y2="6" />
      <circle cx="${x(rate)}" cy="6" r="3" /></svg
    >${percent(rate)} <span class="soft">${rangeText(failRate!)}</span></span
  >`;
}

/** The sessions that a person should hear first, with every reason, its share and its proof. */
export function highRiskList(model: ReportModel, contexts: ReadonlyMap<string, SessionContext>): Html {
  const rest = model.highRisk.length - shownHighRisk;
  return html`<section aria-labelledby="risk">
    ${heading('risk', words.hearFirstTitle, words.hearFirstNote)}
    ${model.highRisk.length === 0 && html`<p>${sign('pass')} ${both(words.noHighRisk)}</p>`}
    <ol class="risks">
      ${model.highRisk.slice(0, shownHighRisk).map((session) => riskEntry(session, contexts.get(session.id)!))}
    </ol>
    ${rest > 0 && html`<p><a href="${filterLink({ band: 'high' })}">${rest} ${both(words.moreHighRisk)}</a></p>`}
  </section>`;
}

function riskEntry(session: HighRiskSession, context: SessionContext): Html {
  const score = session.score === null ? both(words.unscored) : fixed(session.score);
  return html`<li class="risk b-${session.band}">
    <header>
      <a class="id" href="#s=${fragment(session.id)}">${session.id}</a> ${bandBadge(session.band, session.probability)}
      <span>${both(channelNames[session.channel])}</span
      ><span>${session.agentId ?? both(words.notStated)}</span
      >${session.queue && html`<span>${session.queue}</span>`}<span
        >${session.autoFailed && sign('autofail')} ${score}</span
      >
    </header>
    <ul>
      ${session.reasons.map((reason) => riskReason(reason, context))}
    </ul>
  </li>`;
}

/** One reason: share, title, quote, time. Also used on the session's own card. */
export function riskReason(
  reason: Pick<HighRiskReason, 'title' | 'share' | 'evidence'>,
  context: SessionContext,
): Html {
  const { evidence } = reason;
  // The title of a reason that rests on a figure or a field says it already.
  const spoken = evidence?.kind === 'words' || evidence?.kind === 'gap';
  const quote = spoken && evidence.quote ? html` <q>${evidence.quote}</q>` : null;
  const time = evidence && timeLink(context, evidence);
  return html`<li>
    <span class="share">${bar(reason.share, 'risk')}${percent(reason.share)}</span
    ><span><b>${both(reason.title)}</b>${quote} ${time}</span>
  </li>`;
}
