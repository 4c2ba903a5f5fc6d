import type { BatchResult, SessionResult } from '../../session/index.ts';
import { type SessionSpec, buildSession, scorecardRefs } from './build.ts';
import { calls } from './sample-calls.ts';
import { texts } from './sample-texts.ts';

/** A morning's work of a small desk: 14 sessions in two languages, two failed inputs. */
export function sampleBatch(): BatchResult {
  return {
    schema: 'earwitness/report/1',
    engine: 'earwitness 0.1.0',
    generatedAt: '2025-11-18T18:30:00Z',
    title: 'Acme service desk',
    recogniser: {
      id: 'sherpa',
      name: 'SenseVoice int8',
      version: '1.13.8',
      modelHash: 'a'.repeat(64),
      licence: 'Apache-2.0',
      reason: { en: 'Installed, and covers Chinese and English.', zh: '已安装，支持中文和英文。' },
      caveats: [
        {
          en: 'Telephone speech at 8 kHz is recognised less well than wide-band speech.',
          zh: '8 kHz 电话语音的识别率低于宽带语音。',
        },
      ],
    },
    scorecards: [
      { ...scorecardRefs.en, path: 'rules/service.en.yaml', passMark: 80, method: 'sectionPercent' },
      { ...scorecardRefs.zh, path: 'rules/service.zh.yaml', passMark: 80, method: 'sectionPercent' },
    ],
    inputs: ['recordings', 'inbox'],
    sessions: [...calls, ...texts].map(buildSession),
    failures: [
      {
        path: 'recordings/A-1045.wav',
        code: 'audio-no-samples',
        message: 'The file ends after its header: there is no sound in it.',
        hint: 'Export the recording again.',
      },
      {
        path: 'inbox/chats.jsonl:17',
        code: 'json-invalid',
        message: 'Line 17 is no JSON: unexpected end.',
        hint: 'Repair or remove line 17.',
      },
    ],
  };
}

/** `count` sessions cycled from the sample, each with an id of its own: for size and speed. */
export function largeBatch(count: number): BatchResult {
  const batch = sampleBatch();
  const sessions = Array.from({ length: count }, (_, index): SessionResult => {
    const origin = batch.sessions[index % batch.sessions.length]!;
    // Real conversations are several times as long as the samples.
    const turns = Array.from({ length: 4 }, () => origin.turns)
      .flat()
      .map((turn, at) => ({ ...turn, n: at + 1 }));
    return { ...origin, id: `${origin.id}-${index}`, agentId: origin.agentId && `Agent ${index % 60}`, turns };
  });
  return { ...batch, sessions };
}

export const hostileText =
  `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">"><svg onload=window.hacked=1> ` +
  `</noscript><iframe src=javascript:alert(1)></iframe>\u2028line\u202Egnp.exe\u0000\uD800 =1+1 &lt;b&gt;`;

/** A session whose every free text is an attack. */
export function hostileSession(): SessionResult {
  const spec: SessionSpec = {
    id: `x"><script>window.hacked=1</script>`,
    channel: 'chat',
    language: 'en',
    agentId: `=cmd|' /C calc'!A0`,
    queue: `<b onmouseover=alert(1)>q</b>`,
    startedAt: `2025-11-18T09:00:00Z`,
    turns: [
      ['customer', 0, 0, hostileText, -0.5],
      ['agent', 5, 5, `@SUM(1+1) ${hostileText}`, 0.1],
    ],
    verdicts: {
      greeting: {
        verdict: 'fail',
        reason: { en: hostileText, zh: hostileText },
        evidence: [{ turn: 1, quote: '<img src=x onerror="window.hacked=1">' }],
      },
    },
    risk: {
      probability: 0.9,
      band: 'critical',
      reasons: [
        {
          code: 'x',
          title: { en: hostileText, zh: hostileText },
          share: 1,
          proof: { turn: 1, quote: '</script><script>' },
        },
      ],
    },
  };
  return buildSession(spec);
}
