import { type Evidence, type ItemResult, type SessionResult, type Span, formatClock } from '../../session/index.ts';
import { speakerNames, words } from '../words.ts';
import { type SessionContext, timeLink } from './context.ts';
import { Html, type HtmlValue, both, html, nothing } from './escape.ts';
import { coordinate } from './signs.ts';

// Heights in px: two lanes, a row of evidence marks, the sentiment curve, the axis.
const lane = 34;
const lanes = { agent: 0, customer: lane + 2 } as const;
const marksTop = 2 * lane + 4;
const curveTop = marksTop + 14;
const curveHeight = 40;
const axisTop = curveTop + curveHeight + 4;
const height = axisTop + 14;
const columns = 320;

/**
 * Two lanes of talk over time with silence, hold, overlap and evidence, the sentiment curve below. Times in percent of
 * the session, so that marks and text keep their shape at every width; only the waveform is stretched.
 */
export function timeline(context: SessionContext): Html {
  const { session } = context;
  const durationMs = lengthOf(session);
  if (durationMs <= 0) return nothing;
  const x = (ms: number) => `${coordinate((Math.max(0, Math.min(durationMs, ms)) / durationMs) * 100)}%`;
  const spoken = session.channel === 'call';
  const body = html`${spoken ? gaps(session, x) : waits(session, x)}${spoken ? speech(session, x) : messages(session, x)}${
      spoken && overlaps(session, x)
    }${evidenceMarks(context, x)}${sentimentCurve(session, durationMs, x)}${axis(context, durationMs, x)}<line
      class="head"
      x1="0"
      x2="0"
      y1="0"
      y2="${axisTop}"
    />`;
  const mono = session.audio?.channels.some((channel) => channel.role === 'mixed');
  return html`<figure class="tl">
    <figcaption>
      ${both(spoken ? words.timeline : words.course)}${mono && html` · ${both(words.mono)}`}<span class="key k-a"
        >${both(speakerNames.agent)}</span
      ><span class="key k-c">${both(speakerNames.customer)}</span>${
        spoken &&
        html`<span class="key k-s">${both(words.silence)}</span><span class="key k-h">♪ ${both(words.hold)}</span
          ><span class="key k-o">${both(words.overlap)}</span>`
      }<span class="key k-e">▲ ${both(words.evidenceMark)}</span>
    </figcaption>
    <svg class="time" height="${height}" data-d="${durationMs}" aria-hidden="true">${body}</svg>
  </figure>`;
}

/** The recording's length, or the last known moment of the talk; 0 where nothing has a time. */
function lengthOf({ recording, audio, turns, measures }: SessionResult): number {
  const ends = turns.map((turn) => turn.endMs ?? turn.startMs ?? 0);
  return Math.max(recording?.durationMs ?? 0, audio?.durationMs ?? 0, measures.durationMs ?? 0, ...ends, 0);
}

type Scale = (ms: number) => string;

function span(className: string, { startMs, endMs }: Span, x: Scale, y: number, tall: number): Html {
  const width = coordinate(parseFloat(x(endMs)) - parseFloat(x(startMs)));
  return html`<rect class="${className}" x="${x(startMs)}" width="${width}%" y="${y}" height="${tall}" />`;
}

function gaps({ audio, measures }: SessionResult, x: Scale): HtmlValue {
  const silences = audio?.silences ?? measures.silences;
  return silences.map((gap) => {
    const middle = x((gap.startMs + gap.endMs) / 2);
    const note = gap.hold && html`<text class="note-sign" x="${middle}" y="${lane + 6}">♪</text>`;
    return html`${span(gap.hold ? 'quiet hold' : 'quiet', gap, x, 0, 2 * lane + 2)}${note}`;
  });
}

function overlaps({ audio, measures }: SessionResult, x: Scale): HtmlValue {
  const spans = audio?.overlapTrusted ? audio.overlaps : measures.overlapTrusted ? measures.interruptions : [];
  return spans.map((each) => span('over', each, x, 0, 2 * lane + 2));
}

/** Waveforms where the sound is at hand, else the turns as blocks; the turns stay visible as a pale ground. */
function speech({ audio, turns }: SessionResult, x: Scale): HtmlValue {
  const loudest = Math.max(0.05, ...(audio?.channels.flatMap((channel) => channel.peaks) ?? []));
  const drawn = audio?.channels.some((channel) => channel.peaks.length > 0);
  const blocks = turns.map((turn) => {
    if (turn.startMs === null || turn.endMs === null) return null;
    if (turn.speaker !== 'agent' && turn.speaker !== 'customer')
      return span('talk x', { startMs: turn.startMs, endMs: turn.endMs }, x, lane - 3, 8);
    const times = { startMs: turn.startMs, endMs: turn.endMs };
    return span(
      `talk ${turn.speaker}${drawn ? ' pale' : ''}`,
      times,
      x,
      lanes[turn.speaker] + (drawn ? 0 : 8),
      drawn ? lane : lane - 16,
    );
  });
  const waves = audio?.channels.map(({ role, peaks }) => {
    if (peaks.length === 0) return null;
    const top = role === 'mixed' ? lane / 2 + 1 : lanes[role];
    const count = Math.min(columns, peaks.length);
    return html`<svg
      x="0"
      y="${top}"
      width="100%"
      height="${lane}"
      viewBox="0 0 ${count} ${lane}"
      preserveAspectRatio="none"
    >
      <path class="wave ${role}" d="${wavePath(peaks, count, loudest)}" />
    </svg>`;
  });
  return [blocks, waves];
}

/** One vertical stroke per column, as tall as the loudest peak in it. */
function wavePath(peaks: readonly number[], count: number, loudest: number): Html {
  let path = '';
  for (let column = 0; column < count; column++) {
    const from = Math.floor((column * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((column + 1) * peaks.length) / count));
    let peak = 0;
    for (let index = from; index < to; index++) peak = Math.max(peak, peaks[index]!);
    const half = Math.round((peak / loudest) * (lane / 2 - 1));
    if (half > 0) path += `M${column} ${lane / 2 - half}v${2 * half}`;
  }
  return new Html(path);
}

function messages({ turns }: SessionResult, x: Scale): HtmlValue {
  return turns.map((turn) => {
    if (turn.startMs === null) return null;
    const known = turn.speaker === 'agent' || turn.speaker === 'customer';
    const y = known ? lanes[turn.speaker as 'agent' | 'customer'] + lane / 2 : lane + 1;
    return html`<circle class="message ${known ? turn.speaker : 'x'}" cx="${x(turn.startMs)}" cy="${y}" r="5" />`;
  });
}

/** The customer's wait for a human answer: a line from the question to the reply. */
function waits({ measures, turns }: SessionResult, x: Scale): HtmlValue {
  return measures.responses.map(({ customerTurn, agentTurn }) => {
    const from = turns[customerTurn - 1]?.startMs ?? null;
    const to = agentTurn === null ? null : (turns[agentTurn - 1]?.startMs ?? null);
    if (from === null || to === null) return null;
    return html`<line
      class="wait"
      x1="${x(from)}"
      y1="${lanes.customer + lane / 2}"
      x2="${x(to)}"
      y2="${lanes.agent + lane / 2}"
    />`;
  });
}

/** Filled for a failure, hollow for a pass, so that colour is not the only difference. */
function evidenceMarks(context: SessionContext, x: Scale): HtmlValue {
  const mark = (item: ItemResult, evidence: Evidence) => {
    const link = evidence.startMs === null ? null : timeLink(context, evidence, 'mark');
    if (!link || evidence.startMs === null) return null;
    const title = `${item.title.en} / ${item.title.zh} · ${context.clock(evidence.startMs)}`;
    const shape = html`<svg x="${x(evidence.startMs)}" y="${marksTop}" overflow="visible">
      <path class="tri ${item.verdict}" d="M-5 9 0 1 5 9z"><title>${title}</title></path>
    </svg>`;
    const open = link.markup.slice(0, link.markup.indexOf('>'));
    return new Html(`${open} tabindex="-1">${shape.markup}</a>`);
  };
  return context.session.items.map((item) => {
    if (item.verdict === 'na') return null;
    const proofs = item.evidence.length > 0 ? item.evidence : item.nearMisses.slice(0, 1);
    return proofs.map((evidence) => mark(item, evidence));
  });
}

function sentimentCurve(session: SessionResult, durationMs: number, x: Scale): HtmlValue {
  const y = (score: number) => curveTop + (curveHeight * (1 - score)) / 2;
  const points = session.sentiment.turns.flatMap(({ turn, speaker, score }) => {
    const spoken = session.turns[turn - 1];
    if (!spoken || spoken.startMs === null || (speaker !== 'agent' && speaker !== 'customer')) return [];
    return [{ speaker, score, atMs: ((spoken.endMs ?? spoken.startMs) + spoken.startMs) / 2 }];
  });
  const line = (speaker: 'agent' | 'customer') => {
    const own = points.filter((point) => point.speaker === speaker);
    const path = own
      .map((point) => `${coordinate((point.atMs / durationMs) * 1000)},${coordinate(y(point.score) - curveTop)}`)
      .join(' ');
    return own.length < 2
      ? null
      : html`<svg
          x="0"
          y="${curveTop}"
          width="100%"
          height="${curveHeight}"
          viewBox="0 0 1000 ${curveHeight}"
          preserveAspectRatio="none"
        >
          <polyline class="curve ${speaker}" points="${path}" />
        </svg>`;
  };
  const middle = y(0);
  return html`<line
      class="zero"
      x1="0"
      x2="100%"
      y1="${middle}"
      y2="${middle}"
    />${line('agent')}${line('customer')}${points.map(
      (point) =>
        html`<circle
          class="mood ${moodClass(point.score)}"
          cx="${x(point.atMs)}"
          cy="${coordinate(y(point.score))}"
          r="3"
        />`,
    )}`;
}

/** Five steps of the diverging scale. */
export function moodClass(score: number): string {
  return `m${Math.max(-2, Math.min(2, Math.round(score * 2.5)))}`;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

function axis(context: SessionContext, durationMs: number, x: Scale): HtmlValue {
  const stepMs =
    1000 * (steps.find((step) => step * 1000 * 8 >= durationMs) ?? 86_400 * Math.ceil(durationMs / 8 / 86_400_000));
  const ticks: Html[] = [];
  for (let at = 0; at < durationMs * 0.96; at += stepMs) {
    const label = context.session.channel === 'call' ? formatClock(at).replace(/\.\d$/, '') : context.clock(at);
    const anchor = at === 0 ? 'start' : 'middle';
    ticks.push(
      html`<line class="tick" x1="${x(at)}" x2="${x(at)}" y1="${axisTop - 4}" y2="${axisTop}" /><text
          class="tick"
          text-anchor="${anchor}"
          x="${x(at)}"
          y="${axisTop + 10}"
          >${label}</text
        >`,
    );
  }
  return ticks;
}
