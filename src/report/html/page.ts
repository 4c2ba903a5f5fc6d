import type { BatchResult, Localised, SessionResult, UiLanguage } from '../../session/index.ts';
import { buildReportModel } from '../model/model.ts';
import type { ReportModel } from '../model/types.ts';
import { bandNames, verdictNames, words } from '../words.ts';
import { type RecordingLink, type SessionContext, contextOf } from './context.ts';
import { type Html, type HtmlValue, both, bothAttribute, html } from './escape.ts';
import { agentTable, groupTables, measuresTable } from './groups.ts';
import { legend, methodSection, problemSections } from './method.ts';
import { pageHead } from './head.ts';
import { headlineRow, highRiskList, itemTable, masthead } from './overview.ts';
import { script } from './script.ts';
import { sessionEntry } from './session.ts';
import { styleSheet } from './style.ts';

export interface PageOptions {
  language: UiLanguage;
  recordingOf(session: SessionResult): RecordingLink;
}

/**
 * Recordings beside the report may be played, and markup can only come through the page's one trusted-types policy.
 */
const allows = [`media-src 'self' file:`, `require-trusted-types-for 'script'`, `trusted-types earwitness`];

/**
 * The report as one self-contained page, in pieces, so that thousands of sessions never stand in memory twice. Both
 * languages are inside; `language` is the one shown first.
 */
export function* page(batch: BatchResult, options: PageOptions): Generator<string> {
  const model = buildReportModel(batch);
  const contexts = batch.sessions.map((session) => contextOf(session, options.recordingOf(session)));
  const byId = new Map(contexts.map((context) => [context.session.id, context]));
  const { language } = options;
  // Tags that close in another piece stand here as plain strings; a template is always well-formed in itself.
  yield head(model, language);
  yield `${navigation(language).markup}\n<main>\n${overview(model, byId, language).markup}\n`;
  yield `<section aria-labelledby="sessions">${sessionsHead(model, language).markup}\n`;
  yield `<div id="list"${contexts.length > manySessions ? ' class="many"' : ''}>\n`;
  for (const context of byRisk(contexts)) yield `${sessionEntry(context).markup}\n`;
  yield `</div></section>\n${problemSections(model).markup}\n${methodSection(model, language).markup}\n</main>\n`;
  yield `${fixtures(language).markup}\n<script>${script}</script>\n</body>\n</html>\n`;
}

/** From here on, lines outside the window are not laid out until they are scrolled to. */
const manySessions = 200;

/** What a person should hear first comes first. */
function byRisk(contexts: readonly SessionContext[]): SessionContext[] {
  const order = { critical: 0, high: 1, medium: 2, low: 3 } as const;
  return [...contexts].sort(
    ({ session: { risk: a } }, { session: { risk: b } }) =>
      order[a.band] - order[b.band] || b.probability - a.probability,
  );
}

function head(model: ReportModel, language: UiLanguage): string {
  return pageHead({
    language,
    title: `${words.report[language]} · ${model.title}`,
    generator: `earwitness ${model.engine}`,
    style: styleSheet,
    script,
    allows,
  });
}

function navigation(language: UiLanguage): Html {
  return html`<a class="skip" href="#sessions">${both(words.skip)}</a>
    <nav class="bar-top" ${bothAttribute('aria-label', words.report, language)}>
      <span class="brand">earwitness</span><a href="#items">${both(words.items)}</a
      ><a href="#agents">${both(words.agents)}</a><a href="#risk">${both(words.highRisk)}</a
      ><a href="#sessions">${both(words.sessions)}</a><a href="#method">${both(words.method)}</a
      ><span class="grow"></span
      ><span class="needs-js"
        ><button type="button" data-do="density">${both(words.density)}</button
        ><button type="button" data-do="print">${both(words.print)}</button
        ><button type="button" data-do="help">${both(words.keys)}</button
        ><button type="button" data-do="language" ${bothAttribute('aria-label', words.switchLanguage, language)}>
          ${both(words.language)}
        </button></span
      >
    </nav> `;
}

function overview(model: ReportModel, contexts: ReadonlyMap<string, SessionContext>, language: UiLanguage): Html {
  return html`<noscript><p class="caution">${both(words.noScript)}</p></noscript> ${masthead(model)}
    ${headlineRow(model.headline)} ${legend()} ${itemTable(model, language)} ${agentTable(model, language)}
    ${highRiskList(model, contexts)} ${groupTables(model, language)} ${measuresTable(model, language)}`;
}

function sessionsHead(model: ReportModel, language: UiLanguage): Html {
  const { inspected } = model.headline.coverage;
  const options = (rows: readonly { key: string | null; label: Localised }[]): [string, Localised][] =>
    rows.map((row) => [row.key ?? '-', row.label]);
  const states: [string, Localised][] = [
    ['pass', verdictNames.pass],
    ['fail', verdictNames.fail],
    ['autofail', words.autoFailItem],
    ['provisional', words.provisional],
    ['unscored', words.unscored],
    ['itemfail', { en: 'item failed', zh: '该项不合格' }],
    ['itemunknown', { en: 'item unknown', zh: '该项待人工' }],
  ];
  const bands = (['critical', 'high', 'medium', 'low'] as const).map((band): [string, Localised] => [
    band,
    bandNames[band],
  ]);
  const items = model.items.map((item): [string, Localised] => [item.id, item.title]);
  return html`<h2 id="sessions">${both(words.sessions)} <output class="soft" id="count">${inspected}</output></h2>
    <form class="filter needs-js" role="search">
      <input
        type="search"
        name="q"
        autocomplete="off"
        ${bothAttribute('placeholder', words.search, language)}
        ${searchLabel(language)}
      />
      ${select('agent', words.agent, options(model.agents), language)}${select('channel', words.channel, options(model.channels), language)}${select('queue', words.queue, options(model.queues), language)}${select('verdict', words.verdict, states, language)}${select(
        'band',
        words.risk,
        bands,
        language,
      )}${select('item', words.item, items, language)}<button type="button" data-do="clear">${both(words.clear)}</button
      ><button type="button" data-do="openAll">${both(words.openAll)}</button
      ><button type="button" data-do="closeAll">${both(words.closeAll)}</button>
    </form>
    <p id="none" ${inspected > 0 && html` hidden`}>${both(inspected > 0 ? words.noMatch : words.noSessions)}</p>`;
}

function searchLabel(language: UiLanguage): Html {
  return html`title="${words.search[language]}"`;
}

/** `<option>` holds text only, so its languages stand in attributes. */
function select(
  name: string,
  label: Localised,
  values: readonly [string, Localised][],
  language: UiLanguage,
): HtmlValue {
  const option = (value: string, text: Localised) =>
    html`<option value="${value}" data-e="${text.en}" data-z="${text.zh}">${text[language]}</option>`;
  const all = { en: `${label.en}: ${words.all.en}`, zh: `${label.zh}：${words.all.zh}` };
  return html`<select name="${name}" ${bothAttribute('aria-label', label, language)}>
    ${option('', all)}${values.map(([value, text]) => option(value, text))}
  </select>`;
}

/** Player, list of keys and the hatching of overlaps. */
function fixtures(language: UiLanguage): Html {
  const keys: [string, Localised][] = [
    ['j k', words.helpNext],
    ['J K', words.helpSession],
    ['␣', words.helpPlay],
    ['/', words.helpSearch],
    ['l', words.helpLanguage],
    ['?', words.helpHelp],
  ];
  return html`<footer id="player" hidden>
      <b id="playing"></b><audio controls preload="none"></audio
      ><select id="speed" ${bothAttribute('aria-label', { en: 'Speed', zh: '倍速' }, language)}>
        <option>0.75</option>
        <option selected>1</option>
        <option>1.25</option>
        <option>1.5</option>
        <option>2</option></select
      ><span id="trouble" role="status" hidden>${both(words.playFailed)} ${both(words.playFailedHint)} <b></b>.</span
      ><button type="button" data-do="stop" ${bothAttribute('aria-label', words.close, language)}>×</button>
    </footer>
    <dialog id="help">
      <h2>${both(words.keys)}</h2>
      <dl class="keys">
        ${keys.map(
          ([key, text]) =>
            html`<dt>${key.split(' ').map((each) => html`<kbd>${each}</kbd>`)}</dt>
              <dd>${both(text)}</dd>`,
        )}
      </dl>
      <button type="button" data-do="closeHelp">${both(words.close)}</button>
    </dialog>
    <svg width="0" height="0" class="defs" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2.5" height="6" />
        </pattern>
      </defs>
    </svg>`;
}
