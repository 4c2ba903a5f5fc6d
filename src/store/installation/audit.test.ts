import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hashOf, verifyAudit } from './audit.ts';
import type { AuditEntry } from './store.ts';

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const entry = {
      seq,
      at: `2026-01-01T00:00:0${seq % 10}.000Z`,
      actor: 'a',
      action: 'b',
      target: `t:${seq}`,
      detail: { seq },
    };
    entries.push({ ...entry, hash: hashOf(entry, entries.at(-1)?.hash ?? '0'.repeat(64)) });
  }
  return entries;
}
const headOf = (entries: readonly AuditEntry[]) => ({ seq: entries.at(-1)!.seq, hash: entries.at(-1)!.hash });

describe('the audit chain', () => {
  it('is SHA-256 over the previous hash and canonical JSON, as anybody can compute it', () => {
    const entry = {
      seq: 1,
      at: '2026-01-01T00:00:00.000Z',
      actor: 'a',
      action: 'b',
      target: 'c',
      detail: { z: 1, a: [true, null, '王'] },
    };
    const canonical =
      '{"action":"b","actor":"a","at":"2026-01-01T00:00:00.000Z","detail":{"a":[true,null,"王"],"z":1},"seq":1,"target":"c"}';
    expect(canonicalJson(entry)).toBe(canonical);
    expect(hashOf(entry, '0'.repeat(64))).toBe(
      createHash('sha256')
        .update('0'.repeat(64) + canonical)
        .digest('hex'),
    );
  });

  it('does not depend on the order in which keys were written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const turned = (one: unknown): unknown =>
          Array.isArray(one)
            ? one.map(turned)
            : typeof one === 'object' && one !== null
              ? Object.fromEntries(
                  Object.entries(one)
                    .reverse()
                    .map(([key, member]) => [key, turned(member)]),
                )
              : one;
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is whole when nothing was changed, and when there is nothing', async () => {
    const entries = chain(12);
    expect(await verifyAudit(entries, headOf(entries.slice(0, 5)))).toEqual({
      entries: 12,
      head: headOf(entries),
      broken: null,
    });
    expect(await verifyAudit([])).toEqual({ entries: 0, head: null, broken: null });
  });

  it('names the first entry at which any change, gap, double or exchange shows', async () => {
    const changed = (n: number, change: Partial<AuditEntry>) =>
      chain(9).map((entry) => (entry.seq === n ? { ...entry, ...change } : entry));
    const whole = chain(9);
    const cases: [AuditEntry[], number, RegExp][] = [
      [changed(4, { actor: 'x' }), 4, /changed/],
      [changed(4, { detail: {} }), 4, /changed/],
      [changed(4, { at: '2027-01-01T00:00:00.000Z' }), 4, /changed/],
      [changed(4, { hash: 'f'.repeat(64) }), 4, /changed/],
      [whole.filter(({ seq }) => seq !== 4), 4, /entry 4 is missing/],
      [whole.slice(1), 1, /entry 1 is missing/],
      [[...whole.slice(0, 4), ...whole.slice(3)], 5, /entry 4 stands where 5 should/],
      [[whole[1]!, whole[0]!, ...whole.slice(2)], 1, /entry 1 is missing/],
    ];
    for (const [entries, seq, why] of cases)
      expect((await verifyAudit(entries)).broken).toEqual({ seq, why: expect.stringMatching(why) });
  });

  it('notices an end that was cut off, or a log that was written anew, by a head noted earlier', async () => {
    const whole = chain(9);
    const known = headOf(whole);
    expect((await verifyAudit(whole.slice(0, 6))).broken).toBeNull();
    expect((await verifyAudit(whole.slice(0, 6), known)).broken).toEqual({
      seq: 7,
      why: expect.stringMatching(/reached entry 9/),
    });
    expect((await verifyAudit([], known)).broken?.seq).toBe(1);
    expect((await verifyAudit(chain(10), { ...known, hash: 'e'.repeat(64) })).broken).toEqual({
      seq: 9,
      why: expect.stringMatching(/written anew/),
    });
  });
});
