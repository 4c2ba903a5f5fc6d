import type { Evidence, Turn } from '../../session/index.ts';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import { fieldEvidence, fieldText, wordsEvidence } from '../evaluate/evidence.ts';
import type { SessionView } from '../evaluate/view.ts';
import { both } from '../wording.ts';
import { valueAt } from './meta.ts';
import { readInstant, sessionStart } from './moments.ts';

export const events = ['opened', 'firstReply', 'lastReply', 'lastMessage', 'resolved'] as const;
export type TicketEvent = (typeof events)[number];

export const eventNames: Record<TicketEvent, { en: string; zh: string }> = {
  opened: both('the opening', '创建'),
  firstReply: both('the first reply', '首次回复'),
  lastReply: both('the last reply', '最后回复'),
  lastMessage: both('the last message', '最后一条消息'),
  resolved: both('the resolution', '解决'),
};

/** A moment on the session's clock and what shows it. */
export interface Moment {
  ms: number;
  evidence: Evidence;
}

/** Fields in which exports give the time of resolution; the first that is filled in counts. */
const resolvedFields = [
  'resolvedAt',
  'solvedAt',
  'closedAt',
  'completedAt',
  '解决时间',
  '完成时间',
  '关闭时间',
  '结案时间',
];
const closedStatus = /^(?:solved|resolved|closed|done|completed|已解决|已关闭|已完成|已结案|完结|关闭|已办结)$/i;

/** Whether a status means that nothing is left to do. */
export const isClosed = (status: unknown): boolean => closedStatus.test(fieldText(status).trim());

/** Public messages that a person wrote to the customer. */
export function updatesOf(view: SessionView): readonly Turn[] {
  return view.session.turns.filter(
    ({ speaker, visibility, auto }) => speaker === 'agent' && visibility === 'public' && auto !== true,
  );
}

/** When an event took place; null where it did not, or nothing says when. */
export function momentOf(view: SessionView, event: TicketEvent, calendar: BusinessCalendar | null): Moment | null {
  const turns = view.session.turns.filter(({ visibility }) => visibility === 'public');
  switch (event) {
    case 'opened':
      return ofTurn(view, turns[0]);
    case 'lastMessage':
      return ofTurn(view, turns.at(-1));
    case 'firstReply': {
      const asked = turns.find(({ speaker }) => speaker === 'customer');
      return ofTurn(
        view,
        updatesOf(view).find(({ n }) => asked !== undefined && n > asked.n),
      );
    }
    case 'lastReply':
      return ofTurn(view, updatesOf(view).at(-1));
    case 'resolved': {
      for (const name of resolvedFields)
        if (fieldText(valueAt(view.session, name)).trim() !== '') return ofField(view, name, calendar);
      return isClosed(valueAt(view.session, 'status')) ? ofTurn(view, updatesOf(view).at(-1)) : null;
    }
  }
}

/** The moment that a field names; null where it is empty, unreadable, or the session has no date to compare it with. */
export function ofField(view: SessionView, name: string, calendar: BusinessCalendar | null): Moment | null {
  const value = valueAt(view.session, name);
  const instant = readInstant(value, calendar);
  const start = sessionStart(view);
  if (instant === null || start === null) return null;
  return { ms: instant - start, evidence: fieldEvidence('elapsed', value, both(`field “${name}”`, `字段“${name}”`)) };
}

function ofTurn(view: SessionView, turn: Turn | undefined): Moment | null {
  if (!turn || turn.startMs === null || !view.timesTrusted) return null;
  return { ms: turn.startMs, evidence: wordsEvidence(view, 'elapsed', turn, 0, turn.text.length) };
}
