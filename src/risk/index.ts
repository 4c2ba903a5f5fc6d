export { assessRisk } from './assess.ts';
export type { RiskInput } from './reason.ts';
export { type Sample, sampleSize, type Stratum, stratifiedSample } from './sampling.ts';
export { bands, baseRate, type ReasonCode, weights } from './weights.ts';
