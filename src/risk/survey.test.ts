import { describe, expect, it } from 'vitest';
import { surveyScore } from './survey.ts';
import { conversation } from './testing/build.ts';

const level = (attributes: Record<string, unknown>) =>
  surveyScore(conversation([], { attributes }).session)?.level ?? null;

describe('survey score', () => {
  it.each([
    [{ csat: 1 }, 0],
    [{ csat: '5' }, 1],
    [{ CSAT_Score: '2/5' }, 0.25],
    [{ nps: 3 }, 0.3],
    [{ 满意度: '不满意' }, 0.2],
    [{ 满意度评分: '4分' }, 0.75],
    [{ survey: '80%' }, 0.8],
    [{ rating: 10 }, 1],
    [{ survey: 'very dissatisfied' }, 0],
    [{ survey: 'yes' }, null],
    [{ csat: null }, null],
    [{ csat: '9/5' }, null],
    [{ orderNumber: 1 }, null],
    [{}, null],
  ])('of %j is %j', (attributes, expected) => {
    expect(level(attributes)).toBe(expected);
  });
});
