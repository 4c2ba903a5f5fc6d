import type { Evidence, Localised, Truth } from '../../session/index.ts';
import { spanEvidence } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { outcome, type Measured, type Outcome } from '../evaluate/outcome.ts';
import { both } from '../wording.ts';
import { limitWords, tellingLimit, withinLimits, type Limits } from './comparison.ts';

/** A quantity of the whole conversation and how it is told. */
export interface Quantity {
  operator: string;
  measured: Measured;
  limits: Limits<number>;
  /** One value in words: `32 %`, `1 min 04 s`. */
  show: (value: number) => Localised;
  /** What was measured, without its limits: “Nobody spoke for 32 % of the time”, no full stop. */
  sentence: Localised;
  /** How evidence gives the figure: percent rather than a share. */
  scale?: { factor: number; unit: string };
  startMs?: number | null;
  endMs?: number | null;
  /** Places that show it, most telling first; without any the bare figure is the evidence. */
  places?: readonly Evidence[];
  /** Where the value alone does not decide. */
  truth?: Truth;
  hits?: Evidence[];
}

/** Holds a quantity against its limits. The figure itself leads the evidence or the near misses. */
export function compared(quantity: Quantity): Outcome {
  const { operator, measured, limits, show, sentence, places = [], hits = [] } = quantity;
  const { factor = 1, unit = measured.unit } = quantity.scale ?? {};
  const truth = quantity.truth ?? truthOf(withinLimits(measured.value, limits));
  const wanted = limitWords(limits, show);
  const figure = spanEvidence(operator, 'measure', undefined, quantity.startMs ?? null, quantity.endMs ?? null, {
    measured: rounded(measured.value * factor),
    threshold: rounded(tellingLimit(measured.value, limits) * factor),
    unit,
    note: both(`${show(measured.value).en}, condition ${wanted.en}`, `${show(measured.value).zh}，条件 ${wanted.zh}`),
  });
  const shown = places.length > 0 ? [...places] : [figure];
  return outcome(
    operator,
    truth,
    both(`${sentence.en} (condition ${wanted.en}).`, `${sentence.zh}（条件 ${wanted.zh}）。`),
    {
      evidence: truth === 'true' ? shown : [],
      // The sentence says it all already; a note would be read out as “closest”.
      nearMisses: truth === 'true' ? [] : shown.map((one) => ({ ...one, note: null })),
      hits: truth === 'true' ? hits : [],
      measured,
    },
  );
}

/** Evidence carries figures for people: two decimals. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** `0.317` → `31.7 %`. */
export function percent(share: number): Localised {
  const text = String(Number((share * 100).toFixed(1)));
  return both(`${text} %`, `${text}%`);
}
