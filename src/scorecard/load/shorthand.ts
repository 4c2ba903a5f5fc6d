/** A condition written as a sentence over named conditions. */
export type Expression =
  { kind: 'name'; name: string } | { kind: 'not'; of: Expression } | { kind: 'all' | 'any'; of: Expression[] };

const token = /\s*(&&|\|\||!|\(|\)|[\p{L}\p{N}_][\p{L}\p{N}_-]*)/uy;
const maxDepth = 30;

/**
 * Reads `a && (b || !c)`; `!` binds tightest, then `&&`, then `||`. Throws an Error whose message names what was
 * expected and where.
 */
export function parseShorthand(text: string): Expression {
  const tokens: { sign: string; at: number }[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const from = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`"${text.slice(from).trim().slice(0, 10)}" cannot stand at character ${from + 1}`);
    tokens.push({ sign: found[1]!, at: token.lastIndex - found[1]!.length + 1 });
  }
  let position = 0;
  const expected = (what: string): Error => {
    const here = tokens[position];
    return new Error(
      here
        ? `${what} is expected in place of "${here.sign}" at character ${here.at}`
        : `${what} is expected at the end`,
    );
  };
  const chain = (sign: '&&' | '||', kind: 'all' | 'any', part: () => Expression): Expression => {
    const of = [part()];
    while (tokens[position]?.sign === sign) {
      position++;
      of.push(part());
    }
    return of.length === 1 ? of[0]! : { kind, of };
  };
  const any = (depth: number): Expression => chain('||', 'any', () => chain('&&', 'all', () => unary(depth)));
  const unary = (depth: number): Expression => {
    if (depth > maxDepth) throw new Error('it is nested too deep');
    const sign = tokens[position]?.sign;
    if (sign === '!') {
      position++;
      return { kind: 'not', of: unary(depth + 1) };
    }
    if (sign === '(') {
      position++;
      const inner = any(depth + 1);
      if (tokens[position]?.sign !== ')') throw expected('")"');
      position++;
      return inner;
    }
    if (sign === undefined || sign === ')' || sign === '&&' || sign === '||') throw expected('the name of a condition');
    position++;
    return { kind: 'name', name: sign };
  };
  const expression = any(0);
  if (position < tokens.length) throw expected('&& or ||');
  return expression;
}
