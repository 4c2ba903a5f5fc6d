import type { Risk } from '../session/index.ts';
import { fromEnding, fromRecognition, fromSentiment, fromThreats, fromWaiting } from './from-conversation.ts';
import { fromScorecard } from './from-scorecard.ts';
import { type Finding, quoteMeasure, type RiskInput } from './reason.ts';
import { surveyScore } from './survey.ts';
import { bandOf, baseRate, logit, ramp, riskModel, sigmoid, weights } from './weights.ts';

/** A survey at or below this level (0…1) speaks; a middling one speaks softly. */
const surveyFrom = 0.6;

/**
 * Which sessions should a person hear first: probability = sigmoid(logit(base rate) + Σ weight · strength) over the
 * reasons found. The share of a reason is its part of that sum; for a sum of independent terms this is its Shapley
 * value on the log-odds scale. Reasons come strongest first.
 */
export function assessRisk(input: RiskInput): Risk {
  const findings = [
    ...fromScorecard(input.scorecard),
    ...fromThreats(input),
    ...fromSentiment(input),
    ...fromEnding(input),
    ...fromWaiting(input),
    ...fromRecognition(input),
    ...fromSurvey(input),
  ]
    .map((finding) => ({ finding, logOdds: weights[finding.code] * finding.strength }))
    .filter(({ logOdds }) => logOdds > 0)
    .sort((a, b) => b.logOdds - a.logOdds);
  const total = findings.reduce((sum, { logOdds }) => sum + logOdds, 0);
  const probability = total === 0 ? baseRate : sigmoid(logit(baseRate) + total);
  return {
    probability,
    band: bandOf(probability),
    reasons: findings.map(({ finding: { code, title, item, evidence }, logOdds }) => ({
      code,
      title,
      item,
      evidence,
      share: logOdds / total,
    })),
    model: { ...riskModel },
  };
}

function fromSurvey({ session }: RiskInput): Finding[] {
  const survey = surveyScore(session);
  if (survey === null || survey.level >= surveyFrom) return [];
  return [
    {
      code: 'low-survey',
      strength: ramp(survey.level, surveyFrom, 0.1),
      title: {
        en: `The customer's survey score is low (${survey.key}: ${survey.written})`,
        zh: `客户满意度评价低（${survey.key}：${survey.written}）`,
      },
      item: null,
      evidence: [
        quoteMeasure('survey', survey.written, { kind: 'field', measured: survey.level, threshold: surveyFrom }),
      ],
    },
  ];
}
