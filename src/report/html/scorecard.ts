import type { EvalNode, Evidence, ItemResult, SectionResult } from '../../session/index.ts';
import { fixed, measureText } from '../format.ts';
import { criticalNames, words } from '../words.ts';
import { type SessionContext, timeLink } from './context.ts';
import { type Html, type HtmlValue, both, html } from './escape.ts';
import { sign } from './signs.ts';
import { itemAnchor } from './transcript.ts';

/** Passing items show at most this many quotes, others all: a hundred hits of a greeting prove nothing more. */
const shownProofs = 3;

/** item → verdict → reason → quote → time → near miss, section by section in the scorecard's own order. */
export function scorecard(context: SessionContext): Html {
  const { items, sections } = context.session;
  if (items.length === 0) return html`<p class="soft">${both(words.noScorecard)}</p>`;
  const known = new Set(sections.map((section) => section.id));
  const stray = items.filter((item) => !known.has(item.section));
  return html`${sections.map((section) =>
    sectionBlock(
      context,
      section,
      items.filter((item) => item.section === section.id),
    ),
  )}${
    stray.length > 0 &&
    html`<ul class="verdicts">
      ${stray.map((item) => itemRow(context, item))}
    </ul>`
  }`;
}

function sectionBlock(context: SessionContext, section: SectionResult, items: readonly ItemResult[]): Html {
  const applicable = items.filter((item) => item.verdict !== 'na');
  const others = items.filter((item) => item.verdict === 'na');
  const before = section.scoreBeforeAutoFail;
  const changed = before !== null && before !== section.score;
  return html`<h4>
      ${both(section.title)}
      <span class="num"
        >${section.score === null ? '–' : fixed(section.score)}${
          changed && html` <span class="soft">(${both(words.beforeAutoFail)} ${fixed(before)})</span>`
        }</span
      >
    </h4>
    <ul class="verdicts">
      ${applicable.map((item) => itemRow(context, item))}
    </ul>
    ${
      others.length > 0 &&
      html`<details class="na">
        <summary>
          ${sign('na')}${both(words.notApplicable)}:
          ${others.map(
            (item, index) =>
              html`${index > 0 && html`<span class="e">, </span><span class="z">、</span>`}${both(item.title)}`,
          )}
        </summary>
        <ul>
          ${others.map((item) => html`<li>${both(item.title)}: ${both(item.reason)}</li>`)}
        </ul>
      </details>`
    }`;
}

function itemRow(context: SessionContext, item: ItemResult): Html {
  const triggered = item.verdict === 'fail' && item.autoFail !== 'none';
  const tags = [
    item.critical && html` <span class="tag">${both(criticalNames[item.critical])}</span>`,
    triggered && html` <span class="tag alarm">${both(words.autoFailItem)}</span>`,
    item.needsConfirmation && html` <span class="tag">${both(words.confirm)}</span>`,
    item.manualOnly && html` <span class="tag">${both(words.manual)}</span>`,
  ];
  const cost = item.cost > 0 && html`<span class="cost">−${fixed(item.cost)} ${both(words.points)}</span>`;
  const proofs = item.verdict === 'pass' ? item.evidence.slice(0, shownProofs) : item.evidence;
  return html`<li class="i ${item.verdict}" id="${itemAnchor(context, item.id)}" data-i="${item.id}" tabindex="-1">
    ${sign(triggered ? 'autofail' : item.verdict)}
    <div>
      <div class="it"><b>${both(item.title)}</b>${tags}${cost}</div>
      <p>${both(item.reason)}</p>
      ${proofs.map((evidence) =>
        proof(context, evidence),
      )}${item.nearMisses.map((miss) => proof(context, miss, true))}${
        item.verdict === 'fail' &&
        item.coaching &&
        html`<p class="coach">${both(words.coaching)}: ${both(item.coaching)}</p>`
      }${item.verdict !== 'pass' && item.tree && steps(item.tree)}
    </div>
  </li>`;
}

function proof(context: SessionContext, evidence: Evidence, near = false): Html {
  const { measured, threshold, unit } = evidence;
  const language = context.session.language.replace('_', '-');
  const quote = evidence.quote && html`${lead(evidence)}<q lang="${language}">${evidence.quote}</q>`;
  const figures =
    measured !== null &&
    html`${both(measureText(measured, unit))}${threshold !== null && html`, ${both(words.limit)} ${both(measureText(threshold, unit))}`}`;
  return html`<div class="proof${near ? ' near' : ''}">
    ${timeLink(context, evidence)}<span
      >${near && html`<i>${both(words.nearMiss)}</i> `}${quote}
      ${evidence.note ? html`<span class="soft">${both(evidence.note)}</span>` : figures}</span
    >
  </div>`;
}

function lead({ kind }: Evidence): HtmlValue {
  if (kind === 'gap') return html`${both(words.gapAfter)} `;
  if (kind === 'field') return html`${both(words.field)} `;
  return null;
}

/** The evaluation tree of a verdict that somebody may doubt. */
function steps(tree: EvalNode): Html {
  return html`<details class="tree">
    <summary>${both(words.howJudged)}</summary>
    <ul>
      ${step(tree)}
    </ul>
  </details>`;
}

const truthSigns = { true: 'pass', false: 'fail', unknown: 'unknown' } as const;

function step(node: EvalNode): Html {
  return html`<li>
    ${sign(truthSigns[node.truth])}<code>${node.op}</code> ${both(node.message)}${
      node.children.length > 0 &&
      html`<ul>
        ${node.children.map(step)}
      </ul>`
    }
  </li>`;
}
