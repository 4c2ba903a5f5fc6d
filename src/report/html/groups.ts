import type { Localised, UiLanguage } from '../../session/index.ts';
import { fixed, percent, rangeText, signed, durationText } from '../format.ts';
import type { AgentRow, ConversationMeasures, GroupRow, ReportModel } from '../model/types.ts';
import { channelNames, words } from '../words.ts';
import { type Html, both, bothAttribute, filterLink, html } from './escape.ts';
import { dotPlot, heading, sign, table } from './signs.ts';

/** Agents: dots with intervals, lowest first; those with too few sessions greyed below, without an order. */
export function agentTable(model: ReportModel, language: UiLanguage): Html {
  const { passMark } = model.headline;
  const head = html`${groupHead(words.agent)}
    <th scope="col">${both(words.mostLost)}</th>`;
  const ranked = model.agents.filter((agent) => agent.rank !== null);
  const rest = model.agents.filter((agent) => agent.rank === null);
  const row = (agent: AgentRow) => groupRow(agent, 'agent', passMark, agent.rank === null, topFailures(agent));
  const few =
    rest.length > 0 &&
    html`<tr class="divider">
        <th scope="rowgroup" colspan="8">${both(words.tooFew)} (n &lt; ${model.minimumToRank})</th>
      </tr>
      ${rest.map(row)}`;
  return html`<section aria-labelledby="agents">
    ${heading('agents', words.agents, words.agentsNote)}
    ${table(bothAttribute('aria-label', words.agents, language), head, html`${ranked.map(row)}${few}`, 'groups')}
  </section>`;
}

function topFailures(agent: AgentRow): Html {
  const links = agent.topFailures.map((failure) => {
    const filter = { item: failure.id, verdict: 'itemfail', ...(agent.key === null ? {} : { agent: agent.key }) };
    return html`<li>
      <a href="${filterLink(filter)}">${both(failure.title)}</a>
      <span class="soft">${failure.failed}/${failure.judged}</span>
    </li>`;
  });
  return html`<td>
    <ul class="inline">
      ${links}
    </ul>
  </td>`;
}

/** Teams, queues, channels and languages, each where there is more than one to compare. */
export function groupTables(model: ReportModel, language: UiLanguage): Html {
  const groups: [Localised, string, GroupRow[]][] = [
    [words.team, 'team', model.teams],
    [words.queue, 'queue', model.queues],
    [words.channel, 'channel', model.channels],
    [words.languageColumn, 'language', model.languages],
  ];
  const shown = groups.filter(([, , rows]) => rows.some((row) => row.key !== null));
  return html`<section aria-labelledby="groups">
    ${heading('groups', words.groups)}
    <div class="pair">
      ${shown.map(([title, key, rows]) =>
        table(
          bothAttribute('aria-label', title, language),
          groupHead(title),
          rows.map((row) => groupRow(row, key, model.headline.passMark, (row.score?.n ?? 0) < model.minimumToRank)),
          'groups',
        ),
      )}
    </div>
  </section>`;
}

function groupHead(title: Localised): Html {
  return html`<th scope="col">${both(title)}</th>
    <th scope="col" class="plot">${both(words.score)} 0–100</th>
    <th scope="col" class="num">${both(words.meanScore)}</th>
    <th scope="col" class="num">n</th>
    <th scope="col">${both(words.passRate)}</th>
    <th scope="col" class="num">${both(words.autoFails)}</th>
    <th scope="col" class="num">${both(words.highRisk)}</th>`;
}

function groupRow(row: GroupRow, filter: string, passMark: number | null, muted: boolean, more?: Html): Html {
  const { score, passRate } = row;
  const width =
    muted || !score || score.halfWidth === null ? null : html` <span class="soft">±${fixed(score.halfWidth)}</span>`;
  return html`<tr${muted && html` class="muted"`}><th scope="row"><a href="${filterLink({ [filter]: row.key ?? '' })}">${both(row.label)}</a></th><td class="plot">${
    score && dotPlot(score, { muted, passMark })
  }</td><td class="num">${score ? html`${fixed(score.mean)}${width}` : '–'}</td><td class="num">${row.sessions}</td><td>${
    passRate && html`${percent(passRate.rate)} <span class="soft">${rangeText(passRate)}</span>`
  }</td><td class="num">${row.autoFailed > 0 && html`${sign('autofail')} ${row.autoFailed}`}</td><td class="num">${row.highRisk > 0 && row.highRisk}</td>${more}</tr>`;
}

/** Silence, waits, talk-over and mood per channel. */
export function measuresTable(model: ReportModel, language: UiLanguage): Html {
  const columns = [
    words.channel,
    words.sessionsColumn,
    words.silenceShare,
    words.interruptions,
    words.responseP50,
    words.responseP90,
    words.unanswered,
    words.customerMood,
    words.customerEnd,
  ];
  const head = columns.map(
    (column, index) => html`<th scope="col" ${index > 0 && html` class="num"`}>${both(column)}</th>`,
  );
  return html`<section aria-labelledby="measures">
    ${heading('measures', words.measures)}${table(
      bothAttribute('aria-label', words.measures, language),
      head,
      model.measures.map(measuresRow),
    )}
  </section>`;
}

function measuresRow(row: ConversationMeasures): Html {
  const number = (value: number | null, show: (value: number) => Html | string) =>
    html`<td class="num">${value === null ? html`<span class="soft">–</span>` : show(value)}</td>`;
  const time = (ms: number) => both(durationText(ms));
  return html`<tr>
    <th scope="row"><a href="${filterLink({ channel: row.channel })}">${both(channelNames[row.channel])}</a></th>
    <td class="num">${row.sessions}</td>
    ${number(
      row.silenceShare,
      percent,
    )}${number(row.agentInterruptions, (value) => fixed(value))}${number(row.responseP50Ms, time)}${number(row.responseP90Ms, time)}${number(
      row.channel === 'call' ? null : row.unanswered,
      String,
    )}${number(row.customerSentiment, (value) => signed(value, 2))}${number(row.customerEnd, (value) => signed(value, 2))}
  </tr>`;
}
