import { type Localised, type SessionResult, primaryLanguage } from '../../session/index.ts';
import { durationText, fixed, instantText } from '../format.ts';
import { channelNames, words } from '../words.ts';
import { type SessionContext, timeLink } from './context.ts';
import { type Html, both, html } from './escape.ts';
import { riskReason } from './overview.ts';
import { scorecard } from './scorecard.ts';
import { type Sign, bandBadge, sign } from './signs.ts';
import { timeline } from './timeline.ts';
import { transcript } from './transcript.ts';

/**
 * One session: a line that can be scanned, and behind it the whole case. The body sits in `<noscript>`: with scripts a
 * browser reads it as plain text and the page turns it into elements only when the session is opened; without scripts
 * it is simply there.
 */
export function sessionEntry(context: SessionContext): Html {
  const { session } = context;
  const ids = (verdict: string) =>
    session.items
      .filter((item) => item.verdict === verdict)
      .map((item) => item.id)
      .join(' ');
  return html`<details
    class="s"
    id="s=${context.fragment}"
    data-agent="${session.agentId ?? ''}"
    data-team="${session.team ?? ''}"
    data-queue="${session.queue ?? ''}"
    data-channel="${session.channel}"
    data-language="${primaryLanguage(session.language)}"
    data-band="${session.risk.band}"
    data-v="${states(session)}"
    data-f="${ids('fail')}"
    data-u="${ids('unknown')}"
  >
    <summary>${summary(session)}</summary>
    <noscript>${sessionBody(context)}</noscript>
  </details> `;
}

/** The states that the verdict filter knows; a session can be in several. */
function states(session: SessionResult): string {
  const passed = session.passed === null ? 'unscored' : session.passed ? 'pass' : 'fail';
  return [passed, session.autoFails.length > 0 && 'autofail', session.provisional && 'provisional']
    .filter(Boolean)
    .join(' ');
}

function overall({ passed, autoFails }: SessionResult): Sign {
  if (autoFails.length > 0) return 'autofail';
  return passed === null ? 'na' : passed ? 'pass' : 'fail';
}

function summary(session: SessionResult): Html {
  const failing = session.items.filter((item) => item.verdict === 'fail').sort((a, b) => b.cost - a.cost);
  const length = session.measures.durationMs ?? session.recording?.durationMs ?? 0;
  const reason = session.risk.reasons[0]?.title ?? failing[0]?.title;
  return html`${sign(overall(session))}<b class="id">${session.id}</b
    ><span class="ch">${both(channelNames[session.channel])}</span
    ><span class="ag">${session.agentId ?? html`<span class="soft">${both(words.notStated)}</span>`}</span
    ><span class="qu soft">${session.queue}</span
    ><span class="at soft">${session.startedAt && both(instantText(session.startedAt))}</span
    ><span class="le soft">${length > 0 && both(durationText(length))}</span
    ><span class="sc"
      >${session.score === null ? html`<span class="soft">–</span>` : fixed(session.score)}${
        session.provisional && sign('unknown')
      }</span
    >${bandBadge(session.risk.band, session.risk.probability)}<span class="re soft">${reason && both(reason)}</span>`;
}

function sessionBody(context: SessionContext): Html {
  const { session } = context;
  return html`<div class="sb">
    ${facts(session)}${risk(context)}${timeline(context)}
    <div class="cols">
      <section class="c-t">
        <h3>${both(words.transcript)}</h3>
        ${recordingNote(context)}${transcript(context)}
      </section>
      <section class="c-s">
        <h3>${both(words.scorecard)}</h3>
        ${scorecard(context)}
      </section>
    </div>
    ${pins(session)}
  </div>`;
}

function facts(session: SessionResult): Html {
  const { scorecard: card } = session;
  const before = session.scoreBeforeAutoFail;
  return html`<p class="facts-line">
      ${
        card &&
        html`<span>${both(card.title)} <code>${card.id} v${card.version} · ${card.hash.slice(0, 12)}</code></span>`
      }${session.passMark !== null && html`<span>${both(words.passMark)} ${session.passMark}</span>`}${
        session.autoFails.length > 0 &&
        before !== null &&
        html`<span>${both(words.beforeAutoFail)} ${fixed(before)}</span>`
      }<span
        >${both(words.source)}
        <code>${session.source.path}${session.source.entry && `#${session.source.entry}`}</code></span
      >
    </p>
    ${
      session.provisional && html`<p class="caution">${sign('unknown')}${both(words.provisionalLong)}</p>`
    }${session.transcript.caveats.map((caveat) => html`<p class="caution">${sign('unknown')}${both(caveat)}</p>`)}${session.notices.map(
      (notice) =>
        html`<p class="caution">
          ${sign('unknown')}<code>${notice.code}</code> ${notice.message}${notice.hint && ` ${notice.hint}`}
        </p>`,
    )}`;
}

function risk(context: SessionContext): Html | null {
  const { reasons } = context.session.risk;
  if (reasons.length === 0) return null;
  const sorted = [...reasons].sort((a, b) => b.share - a.share);
  return html`<div class="why">
    <h3>${both(words.whyRisk)}</h3>
    <ul>
      ${sorted.map(({ title, share, evidence }) =>
        riskReason(
          { title, share, evidence: evidence.find((each) => each.quote !== '') ?? evidence[0] ?? null },
          context,
        ),
      )}
    </ul>
  </div>`;
}

function recordingNote(context: SessionContext): Html | null {
  const { recording, session } = context;
  switch (recording.kind) {
    case 'playable':
      return html`<p class="note hear">
        ${timeLink(context, { startMs: 0, turn: null }, 'button')} ${both(words.playHint)}
        <code>${session.recording?.container} · ${session.recording?.codec}</code>
      </p>`;
    case 'absent':
      return html`<p class="note">${both(words.recordingAbsent)} <code>${recording.path}</code></p>`;
    case 'left-out':
      return html`<p class="note">${both(words.recordingNone)}</p>`;
    case 'no-recording':
      return null;
  }
}

function pins({ pins, transcript: { recogniser, confidence } }: SessionResult): Html {
  const short = (hash: string | null) => hash && hash.slice(0, 12);
  const parts: [Localised, string | null][] = [
    [words.engine, pins.engine],
    [words.scorecard, short(pins.scorecardHash)],
    [words.sentimentModel, short(pins.sentimentHash)],
    [words.recogniser, recogniser && `${recogniser.name} ${recogniser.version}`],
    [words.model, short(pins.modelHash)],
    [words.confidence, confidence === null ? null : fixed(confidence, 2)],
    [words.transcript, short(pins.transcriptHash)],
    [words.judgeModel, pins.judge ? `${pins.judge.model} ${short(pins.judge.hash)}` : null],
  ];
  return html`<p class="pins">
    ${both(words.pins)}:
    ${parts.map(([name, value]) => value && html`<span>${both(name)} <code>${value}</code></span> `)}
  </p>`;
}
