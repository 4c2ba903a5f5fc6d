import { expect, test } from 'vitest';
import { grantOf, isGranted, isSigned, isWorkerToken, signature, workerToken } from './signing.ts';

const secret = 'a secret of this installation, long enough';
const now = Date.UTC(2026, 0, 2);

test('an address is good for its method, its thing and its job, until it expires', () => {
  const signed = { method: 'GET', what: 'recordings/ab', jobId: 'inspect:1', expires: now + 1_000 } as const;
  const mark = signature(secret, signed);
  expect(isSigned(secret, signed, mark, now)).toBe(true);
  expect(isSigned(secret, signed, mark, now + 1_000)).toBe(false);
  for (const other of [
    { ...signed, method: 'POST' as const },
    { ...signed, what: 'recordings/ac' },
    { ...signed, jobId: 'inspect:2' },
    { ...signed, expires: now + 2_000 },
  ])
    expect(isSigned(secret, other, mark, now)).toBe(false);
  expect(isSigned('another secret of another installation', signed, mark, now)).toBe(false);
  expect(isSigned(secret, signed, '', now)).toBe(false);
});

test('fields cannot run into each other', () => {
  const a = { method: 'GET', what: 'x', jobId: 'y","z', expires: 1 } as const;
  const b = { method: 'GET', what: 'x","y', jobId: 'z', expires: 1 } as const;
  expect(signature(secret, a)).not.toBe(signature(secret, b));
});

test('a grant holds for one job, one batch and its sessions alone', () => {
  const grant = grantOf(secret, 'inspect:1', 'b1', ['k1', 'k2']);
  const job = { id: 'inspect:1', payload: { batchId: 'b1', keys: ['k1', 'k2'], grant } };
  expect(isGranted(secret, job)).toBe(true);
  expect(isGranted(secret, { ...job, id: 'inspect:2' })).toBe(false);
  expect(isGranted(secret, { ...job, payload: { ...job.payload, batchId: 'b2' } })).toBe(false);
  expect(isGranted(secret, { ...job, payload: { ...job.payload, keys: ['k1', 'k3'] } })).toBe(false);
});

test('a worker token is good until its day, and only as it was made', () => {
  const token = workerToken(secret, new Date(now + 5_000));
  expect(isWorkerToken(secret, token, now)).toBe(true);
  expect(isWorkerToken(secret, token, now + 5_000)).toBe(false);
  const [kind, until, mark] = token.split('.');
  for (const forged of [
    '',
    'ewk',
    `${kind}.${Number(until) + 9}.${mark}`,
    `${token}.x`,
    `${kind}.${until}.`,
    `xyz.${until}.${mark}`,
  ])
    expect(isWorkerToken(secret, forged, now)).toBe(false);
});
