import type { Figures } from './evaluate.ts';
import type { Metrics } from './measure.ts';

const digits = (value: number) => value.toFixed(3);

function row(name: string, { n, accuracy, macroF1, classes }: Figures): string {
  const { negative, neutral, positive } = classes;
  const perClass = [negative, neutral, positive].map(({ f1 }) => digits(f1)).join(' | ');
  return `| ${name} | ${n} | ${digits(accuracy)} | ${digits(macroF1)} | ${perClass} |`;
}

/** The measured figures as the Markdown tables of the model card. */
export function figuresTable(metrics: Metrics & { leaveOneShowOut: Figures }): string {
  const head = '| n | accuracy | macro-F1 | F1 negative | F1 neutral | F1 positive |\n|---|---|---|---|---|---|---|';
  const { heldOut, service, falseAlarms } = metrics;
  const alarm = (name: string, { n, alarms, share }: { n: number; alarms: number; share: number }) =>
    `| ${name} | ${n} | ${alarms} | ${(share * 100).toFixed(2)} % |`;
  return `
Linear model alone on held-out text:

| Held out ${head}
${row('English, GoEmotions dev: model', heldOut.en.model)}
${row('– service lexicon alone', heldOut.en.lexicon)}
${row('– always the commonest class', heldOut.en.majority)}
${row('Chinese, CPED 20 % of the dialogues: model', heldOut.zh.model)}
${row('– service lexicon alone', heldOut.zh.lexicon)}
${row('– always the commonest class', heldOut.zh.majority)}
${row('Chinese, CPED one series left out at a time: model', metrics.leaveOneShowOut)}

Model and lexicon together, classes by score (negative below −0.25, positive above 0.25), on service-check.tsv:

| Service sentences ${head}
${row('English, tuning half', service.en.tune)}
${row('English, test half', service.en.test)}
${row('Chinese, tuning half', service.zh.tune)}
${row('Chinese, test half', service.zh.test)}

False alarms of model and lexicon together on polite text that training never saw:

| Polite text | turns | below −0.25 | share |
|---|---|---|---|
${alarm('CrossWOZ, user turns (as customer)', falseAlarms.crosswozCustomer)}
${alarm('CrossWOZ, system turns (as agent)', falseAlarms.crosswozAgent)}
${alarm('Banking77, informational questions (as customer)', falseAlarms.bankingQuestions)}
`;
}
