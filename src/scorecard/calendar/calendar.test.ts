import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusinessCalendar } from './calendar.ts';
import { calendarShape } from './schema.ts';

const hour = 3_600_000;
const calendarOf = (given: unknown) => new BusinessCalendar(calendarShape.parse(given));
const hoursBetween = (given: unknown, from: string, to: string) =>
  calendarOf(given).workingMs(Date.parse(from), Date.parse(to))! / hour;

describe('working time', () => {
  const office = { zone: 'Asia/Shanghai', days: 'mon-fri', hours: '09:00-18:00' };

  it.each([
    ['within a day', '2026-03-02T10:00+08:00', '2026-03-02T11:30+08:00', 1.5],
    ['over night', '2026-03-02T17:00+08:00', '2026-03-03T10:00+08:00', 2],
    ['over a weekend', '2026-03-06T17:30+08:00', '2026-03-09T09:30+08:00', 1],
    ['wholly outside', '2026-03-07T08:00+08:00', '2026-03-08T20:00+08:00', 0],
    ['a week', '2026-03-02T00:00+08:00', '2026-03-09T00:00+08:00', 45],
    ['backwards', '2026-03-03T10:00+08:00', '2026-03-02T10:00+08:00', 0],
    ['told in another zone', '2026-03-02T02:00Z', '2026-03-02T03:00Z', 1],
  ])('%s', (_, from, to, hours) => {
    expect(hoursBetween(office, from, to)).toBe(hours);
  });

  it('leaves out holidays and takes in the working days that make up for them', () => {
    const golden = { ...office, holidays: ['2026-10-01..2026-10-07'], workdays: ['2026-10-10'] };
    expect(hoursBetween(golden, '2026-09-30T17:00+08:00', '2026-10-08T10:00+08:00')).toBe(2);
    expect(hoursBetween(golden, '2026-10-10T08:00+08:00', '2026-10-11T20:00+08:00')).toBe(9);
  });

  it('knows lunch breaks, hours by day, and shifts over midnight', () => {
    const byDay = { zone: 'Europe/Berlin', hours: { mon: ['09:00-12:00', '13:00-17:00'], sat: '10:00-14:00' } };
    expect(hoursBetween(byDay, '2026-03-02T00:00+01:00', '2026-03-09T00:00+01:00')).toBe(11);
    const night = { zone: 'Europe/Berlin', days: ['fri', 'sat'], hours: '22:00-06:00' };
    expect(hoursBetween(night, '2026-03-06T23:00+01:00', '2026-03-07T12:00+01:00')).toBe(7);
    expect(hoursBetween(night, '2026-03-08T02:00+01:00', '2026-03-08T12:00+01:00')).toBe(4);
    expect(hoursBetween({ zone: 'UTC', days: 'mon-sun' }, '2026-03-01T00:00Z', '2026-03-03T00:00Z')).toBe(48);
  });

  it('follows summer time: the skipped hour is not worked, the repeated one twice', () => {
    const always = { zone: 'Europe/Berlin', days: 'mon-sun', hours: '00:00-24:00' };
    expect(hoursBetween(always, '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00')).toBe(23);
    expect(hoursBetween(always, '2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00')).toBe(25);
    const early = { zone: 'Europe/Berlin', days: 'sun', hours: '02:30-04:00' };
    expect(hoursBetween(early, '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00')).toBe(1);
    const day = { zone: 'Europe/Berlin', days: 'mon-sun', hours: '09:00-17:00' };
    expect(hoursBetween(day, '2026-03-28T00:00+01:00', '2026-03-30T00:00+02:00')).toBe(16);
    expect(hoursBetween({ ...always, zone: 'Pacific/Apia' }, '2011-12-29T00:00-10:00', '2012-01-01T00:00+14:00')).toBe(
      48,
    );
  });

  it('does not count through a stretch that no ticket lasts', () => {
    expect(calendarOf(office).workingMs(0, 8e15)).toBeNull();
  });
});

describe('laws of working time', () => {
  const zone = fc.constantFrom('Europe/Berlin', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
  const hours = fc.constantFrom('09:00-18:00', '22:00-06:00', '00:00-24:00', '02:15-03:45', '18:00-18:00');
  const days = fc.constantFrom('mon-fri', 'sat-sun', 'mon-sun', 'wed');
  const calendar = fc.record({ zone, hours, days, holidays: fc.constant(['2026-03-29', '2026-11-01']) });
  const start = Date.parse('2026-01-01T00:00Z');
  const instant = fc.integer({ min: start, max: start + 366 * 24 * hour });

  it('adds up, never runs backwards, and never exceeds the time that passed', () => {
    fc.assert(
      fc.property(calendar, fc.tuple(instant, instant, instant), (given, instants) => {
        const [a, b, c] = instants.sort((x, y) => x - y);
        const office = calendarOf(given);
        const [ab, bc, ac] = [office.workingMs(a, b)!, office.workingMs(b, c)!, office.workingMs(a, c)!];
        expect(ab + bc).toBe(ac);
        expect(ac).toBeGreaterThanOrEqual(ab);
        expect(ab).toBeGreaterThanOrEqual(0);
        expect(ac).toBeLessThanOrEqual(c - a);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a calendar as written', () => {
  it.each([
    [{ zone: 'Mars/Base' }, 'There is no such time zone'],
    [{ zone: 'UTC', hours: '9 to 5' }, '09:00-18:00'],
    [{ zone: 'UTC', hours: '25:00-26:00' }, '09:00-18:00'],
    [{ zone: 'UTC', days: 'weekdays' }, 'mon-fri'],
    [{ zone: 'UTC', holidays: ['2026-02-30'] }, '2026-10-01..2026-10-07'],
    [{ zone: 'UTC', holidays: ['2026-02-03..2026-02-01'] }, '2026-10-01..2026-10-07'],
    [{ zone: 'UTC', working: 'mon' }, 'working'],
    [{}, 'zone'],
  ])('%j is refused', (given, why) => {
    expect(JSON.stringify(calendarShape.safeParse(given).error?.issues)).toContain(why);
  });
});
