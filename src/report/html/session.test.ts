import { describe, expect, it } from 'vitest';
import type { SessionResult } from '../../session/index.ts';
import { sampleBatch } from '../testing/sample-batch.ts';
import { contextOf, timeLink } from './context.ts';
import { scorecard } from './scorecard.ts';
import { sessionEntry } from './session.ts';
import { moodClass, timeline } from './timeline.ts';
import { transcript } from './transcript.ts';

const sessions = sampleBatch().sessions;
const find = (id: string) => sessions.find((session) => session.id === id)!;
const silent = (session: SessionResult) => contextOf(session, { kind: 'no-recording' });
const evidenceOf = (session: SessionResult) => session.items.find((item) => item.id === 'greeting')!.evidence[0]!;

/** `A-1043` with two proofs that overlap in its first turn: a pass on 0…9 and a failure on 6…19. */
function overlapping(): SessionResult {
  const session = find('A-1043');
  const proof = (charStart: number, charEnd: number) => ({ ...evidenceOf(session), charStart, charEnd });
  const [first, second, ...rest] = session.items;
  return {
    ...session,
    items: [
      { ...first!, id: 'good', verdict: 'pass', evidence: [proof(0, 9)] },
      { ...second!, id: 'bad', verdict: 'fail', evidence: [proof(6, 19)] },
      ...rest.map((item) => ({ ...item, evidence: [], nearMisses: [] })),
    ],
  };
}

describe('transcript', () => {
  it('splits overlapping marks without changing a character, the worse verdict on top', () => {
    expect(transcript(silent(overlapping())).markup).toContain(
      '<mark class="pass" data-i="good">Thank </mark><mark class="fail" data-i="good bad">you</mark>' +
        '<mark class="fail" data-i="bad"> for calli</mark>ng Acme, my name is Anna, how can I help?',
    );
  });

  it('ignores a mark that lies outside its turn', () => {
    const session = overlapping();
    const items = session.items.map((item) => ({
      ...item,
      evidence: item.evidence.map((each) => ({ ...each, charEnd: 999 })),
    }));
    expect(transcript(silent({ ...session, items })).markup).not.toContain('<mark');
  });

  it('shows silences, holds, talk-over and waits between the turns', () => {
    const text = (id: string) =>
      transcript(silent(find(id))).markup.replace(/<span class="z">[^<]*<\/span>|<[^>]+>/g, '');
    expect(text('A-1042')).toContain('♪ hold 13 s');
    expect(text('A-1042')).toContain('talks over 0.8 s');
    expect(text('A-1044')).toContain('silence 13.1 s');
    expect(text('T-88')).toContain('waited 6 h 10 min');
    expect(text('T-88')).toContain('internal note');
  });
});

describe('scorecard', () => {
  it('shows verdict, reason, closest miss with its second, and what does not apply', () => {
    const markup = scorecard(silent(find('A-1042'))).markup;
    const item = /<li class="i fail" id="A-1042:identity-within-10s".*?<\/li>/s.exec(markup)![0];
    const text = item
      .replace(/<span class="z">[^<]*<\/span>|<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    expect(text).toBe(
      'Confirms identity within 10 seconds compliance −10.0 points Identity is asked for, but 2.4 s too late. ' +
        '00:12.4 closest full name said at 12.4 s, limit 10 s ' +
        'Coaching : Ask for the name and order number right after the greeting, before anything else is discussed. ' +
        'How it was judged all Identity is asked for, but 2.4 s too late. phrase phrase: any of 14 phrases, by agent',
    );
    expect(markup).toContain('v-autofail');
    expect(markup).toMatch(/<details class="na">.*?Names the time of a call-back/s);
  });
});

describe('timeline', () => {
  it('places speech, hold and evidence in percent of the recording', () => {
    const { markup } = timeline(silent(find('A-1042')));
    // 57.8 s long; the hold runs from 20.5 s to 33.5 s, the closest miss lies at 12.4 s.
    expect(markup).toContain('<rect class="quiet hold" x="35.47%" width="22.49%"');
    expect(markup).toContain('<svg x="21.45%" y="72" overflow="visible"> <path class="tri fail"');
    expect(markup.match(/<path class="wave (agent|customer)"/g)).toHaveLength(2);
    expect(markup.match(/<rect class="over"/g)).toHaveLength(3);
  });

  it('draws turns as blocks where there is no sound, and nothing where there are no times', () => {
    const { audio: _, ...rest } = find('A-1042');
    expect(timeline(silent({ ...rest, audio: null, recording: null })).markup).not.toContain('class="wave');
    const turns = rest.turns.map((turn) => ({ ...turn, startMs: null, endMs: null }));
    const measures = { ...rest.measures, durationMs: null };
    expect(timeline(silent({ ...rest, audio: null, recording: null, turns, measures })).markup).toBe('');
  });

  it.each([
    [-1, 'm-2'],
    [-0.4, 'm-1'],
    [0.1, 'm0'],
    [0.4, 'm1'],
    [1, 'm2'],
  ])('colours %d as %s', (score, name) => {
    expect(moodClass(score).replace('-0', '0')).toBe(name);
  });
});

describe('timeLink', () => {
  const session = find('A-1042');
  it('plays where there is something to play and points at the turn where not', () => {
    const at = { startMs: 12_400, turn: 4 };
    expect(timeLink(contextOf(session, { kind: 'playable', href: './a.wav' }), at)!.markup).toBe(
      '<a class="p play" href="./a.wav#t=12.4" data-t="12400" data-s="A-1042" data-n="4">00:12.4</a>',
    );
    expect(timeLink(silent(session), at)!.markup).toBe(
      '<a class="p" href="#A-1042.4" data-s="A-1042" data-n="4">00:12.4</a>',
    );
    expect(timeLink(silent(session), { startMs: null, turn: null })).toBeNull();
  });

  it('shows the clock on the wall in chats and tickets', () => {
    expect(contextOf(find('B-301'), { kind: 'no-recording' }).clock(14_000)).toBe('09:15:14');
    expect(contextOf(find('T-88'), { kind: 'no-recording' }).clock(80_000_000)).toBe('11-18 14:33');
  });
});

describe('sessionEntry', () => {
  it('keeps the body unparsed until it is opened', () => {
    const { markup } = sessionEntry(silent(find('C-2001')));
    expect(markup.match(/<noscript>/g)).toHaveLength(1);
    expect(markup.indexOf('<noscript>')).toBeLessThan(markup.indexOf('电饭煲'));
    expect(markup).toContain('data-v="pass"');
    expect(markup).toContain('data-f="identity-within-10s no-impatience"');
  });
});
