import { expect, test } from 'vitest';
import { EarwitnessError } from '../session/index.ts';
import { outcomeOf } from './outcome.ts';
import { GiveUp, RetryLater } from './queue.ts';

test('what a handler throws says whether the try counts', () => {
  expect(outcomeOf(new Error('bad luck'))).toEqual({ end: 'failed', reason: 'bad luck' });
  expect(outcomeOf('a word')).toEqual({ end: 'failed', reason: 'a word' });
  expect(outcomeOf(new GiveUp('no use'))).toEqual({ end: 'given-up', reason: 'no use' });
  expect(outcomeOf(new RetryLater(30, 'busy'))).toEqual({ end: 'later', afterMs: 30 });
});

test('a database that does not answer costs no job a try', () => {
  const away = new EarwitnessError('store-unavailable', 'db', 'The database does not answer: ECONNREFUSED.');
  expect(outcomeOf(away)).toEqual({ end: 'later', afterMs: 5_000 });
  const full = new EarwitnessError('disk-full', 'db', 'The disk of the database is full.');
  expect(outcomeOf(full)).toMatchObject({ end: 'failed' });
});
