/** Features of a text with their weights. */
export type Vector = Map<string, number>;

/** Cosine of the angle between two vectors of weights that are not negative, 0…1; 0 where one is empty. */
export function cosine(a: Vector, b: Vector): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (const [feature, weight] of a) {
    aa += weight * weight;
    dot += weight * (b.get(feature) ?? 0);
  }
  for (const weight of b.values()) bb += weight * weight;
  return aa === 0 || bb === 0 ? 0 : Math.min(1, dot / Math.sqrt(aa * bb));
}
