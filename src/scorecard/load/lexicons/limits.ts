/**
 * Bounds of lexicons. Measured on two cores: 100,000 Chinese phrases take 6.5 s and 160 MB to compile on first use, and
 * both grow in proportion, so that a million would take a minute and 1.6 GB.
 */
export const lexiconLimits = {
  /** Characters of one phrase. */
  characters: 300,
  /** Phrases of one lexicon with everything that it includes. */
  phrases: 100_000,
  /** Phrases of all rules of a scorecard, counted where they are used. */
  used: 500_000,
  /** Files inside one another. */
  depth: 10,
};
