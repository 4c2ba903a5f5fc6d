import { describe, expect, it } from 'vitest';
import { Allowance, Attempts, Turns, waitAfter } from './lockout.ts';
import { checkPassword, hashPassword, requireStrong } from './passwords.ts';
import { rights } from './rights.ts';
import { rightsOf, scopeOf } from './scope.ts';
import { sameSecret, seal, setUpToken, unseal } from './secrets.ts';

describe('scopeOf', () => {
  it('turns role, teams and agent into what is seen', () => {
    const of = (role: Parameters<typeof scopeOf>[0]['role'], teams: string[] = [], agentId: string | null = null) =>
      scopeOf({ role, teams, agentId });
    expect([of('admin'), of('lead', ['A'])]).toEqual([{ kind: 'all' }, { kind: 'all' }]);
    expect(of('supervisor', ['A', 'B'])).toEqual({ kind: 'teams', teams: ['A', 'B'] });
    expect(of('reviewer', ['A'], 'agent-1')).toEqual({ kind: 'teams', teams: ['A'] });
    expect([of('supervisor'), of('reviewer')]).toEqual([{ kind: 'none' }, { kind: 'none' }]);
    expect(of('agent', ['A'], 'agent-1')).toEqual({ kind: 'agent', agentId: 'agent-1' });
    expect(of('agent', ['A'])).toEqual({ kind: 'none' });
  });

  it('gives an admin every right, and an agent three kinds of reading alone', () => {
    expect([...rightsOf({ role: 'admin' })].sort()).toEqual(Object.keys(rights).sort());
    expect([...rightsOf({ role: 'agent' })].sort()).toEqual([
      'account.own',
      'scorecards.read',
      'sessions.read',
      'tokens.own',
    ]);
  });
});

describe('passwords', () => {
  it('are hashed by argon2id as OWASP asks, in any spelling of the same letters', async () => {
    const hash = await hashPassword('caf\u00e9 au lait du matin');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await checkPassword(hash, 'cafe\u0301 au lait du matin')).toEqual({ right: true, outdated: false });
    expect(await checkPassword(hash, 'another')).toEqual({ right: false, outdated: false });
    expect(await checkPassword(null, 'what nobody has as a password')).toMatchObject({ right: false });
    expect(await checkPassword('damaged', 'x')).toMatchObject({ right: false });
  });

  it('that are guessed first are refused', () => {
    for (const weak of ['passwordpassword', '123456789012', 'Password2026!', 'aaaaaaaaaaaa', 'meilin-meilin-7'])
      expect(() => requireStrong(weak, 'meilin')).toThrow('guessed first');
    expect(() => requireStrong('correct horse battery', 'meilin')).not.toThrow();
  });
});

describe('waits', () => {
  it('double from two seconds to five minutes', () => {
    expect([0, 4, 5, 6, 7, 12, 13, 100].map(waitAfter)).toEqual([0, 0, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
  });

  it('are bounded in number', () => {
    const attempts = new Attempts(2);
    for (let n = 0; n < 5; n++) attempts.failed('a', 0);
    expect(attempts.wait('a', 0)).toBe(2_000);
    attempts.failed('b', 0);
    attempts.failed('c', 0);
    expect(attempts.wait('a', 0)).toBe(0);
  });

  it('give an address its allowance anew in each window', () => {
    const allowance = new Allowance(2, 1_000);
    expect([
      allowance.take('a', 0),
      allowance.take('a', 1),
      allowance.take('a', 400),
      allowance.take('b', 400),
    ]).toEqual([0, 0, 600, 0]);
    expect(allowance.take('a', 1_000)).toBe(0);
  });

  it('take turns by key, also after a failure', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const work =
      (name: string, fail = false) =>
      async () => {
        order.push(`${name} in`);
        await Promise.resolve();
        order.push(`${name} out`);
        if (fail) throw new Error(name);
      };
    const all = [turns.take('k', work('1', true)), turns.take('k', work('2')), turns.take('k', work('3'))];
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(order).toEqual(['1 in', '1 out', '2 in', '2 out', '3 in', '3 out']);
  });
});

describe('seals', () => {
  it('hold for one purpose and one key, and break with every change', () => {
    const sealed = seal('value', 'a', 'key');
    expect(unseal(sealed, 'a', 'key')).toBe('value');
    for (const [text, purpose, key] of [
      [sealed, 'b', 'key'],
      [sealed, 'a', 'other'],
      [`x${sealed}`, 'a', 'key'],
      ['', 'a', 'key'],
      ['.', 'a', 'key'],
    ] as const)
      expect(unseal(text, purpose, key)).toBeNull();
    expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('a', 'aa')]).toEqual([true, false, false]);
    expect(setUpToken('one')).not.toBe(setUpToken('two'));
  });
});
