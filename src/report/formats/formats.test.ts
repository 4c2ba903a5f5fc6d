import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { hostileSession, sampleBatch } from '../testing/sample-batch.ts';
import { itemsCsv, sessionsCsv } from './csv.ts';
import { formats, reportFormats } from './index.ts';
import { json } from './json.ts';

const batch = sampleBatch();
const text = (chunks: Iterable<string>) => [...chunks].join('');
const rows = (csv: string): string[][] => parse(csv, { bom: true });

describe('csv', () => {
  it('has one row per session, in either language', () => {
    const english = rows(text(sessionsCsv(batch, 'en')));
    expect(english).toHaveLength(16);
    expect(Object.fromEntries(english[0]!.map((title, index) => [title, english[1]![index]]))).toEqual({
      Session: 'A-1042',
      Channel: 'Call',
      Language: 'en',
      Agent: 'Agent 17',
      Team: 'North',
      Queue: 'Repairs',
      Started: '2025-11-18T10:04:00+01:00',
      'Duration (ms)': '57000',
      Turns: '12',
      Score: '0',
      'Score before auto-fail': '55',
      Verdict: 'fail',
      provisional: 'no',
      'Auto-fails': 'no-wrong-answer',
      Risk: 'critical',
      'Risk probability': '0.93',
      'Why this risk':
        'Wrong answer on the return period; Customer threatens legal steps; Customer leaves upset; Identity confirmed late',
      'Failed items':
        'Confirms identity within 10 seconds; Does not shift blame; No wrong answer; No hedged answer; Tells the next steps; Confirms the resolution; Closing thanks; Customer leaves calm',
      'Unknown items': '',
      'Customer mood at the end': '-0.72',
      Scorecard: 'service-en',
      version: '3',
      'Scorecard hash': batch.scorecards[0]!.hash,
      Source: 'recordings/A-1042.wav',
    });
    const chinese = rows(text(sessionsCsv(batch, 'zh')));
    expect(chinese[4]!.slice(0, 6)).toEqual(['C-2001', '电话', 'zh', '坐席 08', '华东', '售后']);
    expect(chinese[4]![17]).toBe('10 秒内确认客户身份；无不耐烦用语');
  });

  it('has one row per item with its interval and cost', () => {
    const [head, first] = rows(text(itemsCsv(batch, 'en')));
    expect(Object.fromEntries(head!.map((title, index) => [title, first![index]]))).toEqual({
      Item: 'no-wrong-answer',
      Title: 'No wrong answer',
      Section: 'Right answers',
      Critical: 'customer',
      'auto-fail': 'yes',
      Applicable: '14',
      Passed: '12',
      Failed: '2',
      Unknown: '0',
      'N/A': '0',
      'Fail rate': '0.1429',
      'Fail rate, low': '0.0401',
      'Fail rate, high': '0.3994',
      'Cost (points)': '160',
      'Cost per session': '11.429',
      'Of which auto-fail': '140',
      Share: '0.5549',
    });
  });

  it('starts with a byte order mark and ends lines as spreadsheets expect', () => {
    const csv = text(sessionsCsv(batch, 'zh'));
    expect(csv.codePointAt(0)).toBe(0xfeff);
    expect(csv.endsWith('\r\n')).toBe(true);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '\n=1'])(
    'neutralises the formula %j',
    (agentId) => {
      const csv = text(sessionsCsv({ ...batch, sessions: [{ ...hostileSession(), agentId }] }, 'en'));
      expect(rows(csv)[1]![3]).toBe(`'${agentId}`);
    },
  );

  it('leaves words and numbers alone', () => {
    const csv = text(sessionsCsv({ ...batch, sessions: [{ ...hostileSession(), agentId: 'A-17, "north"' }] }, 'en'));
    expect(rows(csv)[1]![3]).toBe('A-17, "north"');
    expect(rows(csv)[1]![19]).toBe('-0.5');
  });
});

describe('json', () => {
  it('is the batch, whole, whatever it holds', () => {
    const hostile = { ...batch, sessions: [...batch.sessions, hostileSession()] };
    for (const each of [batch, hostile, { ...batch, sessions: [] }])
      expect(JSON.parse(text(json(each)))).toEqual(JSON.parse(JSON.stringify(each)));
  });
});

describe('formats', () => {
  it('name every file once', () => {
    const names = reportFormats.flatMap((format) => Object.keys(formats[format]));
    expect(names).toEqual(['report.html', 'report.json', 'report.csv', 'report-items.csv']);
  });
});
