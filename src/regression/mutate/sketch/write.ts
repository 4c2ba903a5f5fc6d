import { Document, isMap, isSeq, type Node } from 'yaml';
import type { Draft } from './draft.ts';
import { fixtureOf } from './draft.ts';

/** What a sketched fixture states. */
export interface Statement {
  item: string;
  verdict: string;
  /** Stated where the verdict alone would not tell the mutant. */
  points: number | null;
}

/** A fixture as it can be pasted into a file of its own; `remark` stands behind what it expects. */
export function writeFixture(
  scorecard: string,
  name: string,
  draft: Draft,
  { item, verdict, points }: Statement,
  remark: string,
): string {
  const { session, facts } = fixtureOf(draft);
  const { turns, ...head } = session;
  const expected = points === null ? verdict : { verdict, points };
  const document = new Document({
    scorecard,
    case: name,
    session: { ...head, turns },
    ...(Object.keys(facts).length > 0 ? { facts } : {}),
    expect: { [item]: expected },
  });
  for (const path of [['session', 'turns'], ['session', 'attributes'], ['facts']])
    flowInside(document.getIn(path, true));
  const stated = document.getIn(['expect', item], true);
  if (isMap(stated)) stated.flow = true;
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return text.trimEnd() + ` # ${remark}\n`;
}

/** Turns each on a line of its own, facts and attributes in braces. */
function flowInside(node: unknown): void {
  if (isSeq(node)) for (const item of node.items as Node[]) if (isSeq(item) || isMap(item)) item.flow = true;
  if (isMap(node)) node.flow = true;
}
