import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShorthand, type Expression } from './shorthand.ts';

const name = (one: string): Expression => ({ kind: 'name', name: one });

describe('the shorthand for conditions', () => {
  it('binds ! before && before ||', () => {
    expect(parseShorthand('a && (b || !c) || 投诉')).toEqual({
      kind: 'any',
      of: [
        { kind: 'all', of: [name('a'), { kind: 'any', of: [name('b'), { kind: 'not', of: name('c') }] }] },
        name('投诉'),
      ],
    });
  });

  it('says what is expected and where', () => {
    const message = (text: string) => {
      try {
        return parseShorthand(text);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(['a &&', '(a', 'a b', 'a & b', '', '!'.repeat(50) + 'a'].map(message)).toEqual([
      'the name of a condition is expected at the end',
      '")" is expected at the end',
      '&& or || is expected in place of "b" at character 3',
      '"& b" cannot stand at character 2',
      'the name of a condition is expected at the end',
      'it is nested too deep',
    ]);
  });

  it('reads back what it was written from', () => {
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', 'b-1', '投诉').map(name),
        fc.record({ kind: fc.constant('not' as const), of: tie('expression') }),
        fc.record({
          kind: fc.constantFrom('all' as const, 'any' as const),
          of: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
        }),
      ),
    }));
    const write = (node: Expression): string => {
      if (node.kind === 'name') return node.name;
      return node.kind === 'not'
        ? `!(${write(node.of)})`
        : `(${node.of.map((one) => `(${write(one)})`).join(node.kind === 'all' ? ' && ' : ' || ')})`;
    };
    fc.assert(
      fc.property(expression, (given) => {
        expect(parseShorthand(write(given))).toEqual(given);
      }),
    );
  });
});
