import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeEndpoint, type FakeEndpoint } from '../scorecard/testing/endpoint.ts';
import type { BatchResult } from '../session/index.ts';
import { run } from './testing/run.ts';

let dir: string;
let endpoint: FakeEndpoint;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-judge-'));
  writeFileSync(
    join(dir, 'card.yaml'),
    `id: asks
version: 1
language: zh
sections:
  - id: s
    title: S
    items:
      - id: reason
        title: { en: Explains the delay, zh: 说明延误原因 }
        expect: { judge: { question: 客服是否说明了延误原因？, choices: { 是: 说明了原因, 否: 没有说明 }, holds: [是] }, by: agent }
`,
  );
  const turn = (speaker: string, text: string) => ({ speaker, startMs: 0, endMs: 0, text, visibility: 'public' });
  const chat = { id: 'c1', channel: 'chat', language: 'zh', turns: [turn('customer', '怎么还没到？'), turn('agent', '因为大雪，晚了两天。')] }; // prettier-ignore
  writeFileSync(join(dir, 'chat.json'), JSON.stringify(chat));
  endpoint = await fakeEndpoint(() => ({ choice: '是', turn: 2, quote: '因为大雪', confidence: 0.9 }));
});
afterAll(async () => {
  await endpoint.close();
  rmSync(dir, { recursive: true });
});

const inspect = (args: string[], env: Record<string, string> = {}) =>
  run(['inspect', join(dir, 'chat.json'), '--scorecard', join(dir, 'card.yaml'), '--out', join(dir, 'out'), '--formats', 'json', '--json', ...args], { env }); // prettier-ignore
const session = (stdout: string) => (JSON.parse(stdout) as BatchResult).sessions[0]!;

describe('earwitness inspect --judge', () => {
  it('asks only when told to, keeps the answer, and pins it in the result', async () => {
    const env = { EARWITNESS_JUDGE_URL: endpoint.url, EARWITNESS_JUDGE_MODEL: 'tiny' };
    const off = session((await inspect([], env)).stdout);
    expect([off.items[0]!.verdict, off.pins.judge, endpoint.asked.length]).toEqual(['unknown', null, 0]);
    const first = await inspect(['--judge'], env);
    expect(first.stderr).toContain('Language model: 1 question asked (about 120 tokens), 0 answered from before.');
    const on = session(first.stdout);
    expect(on.items[0]).toMatchObject({ verdict: 'pass', evidence: [{ turn: 2, quote: '因为大雪' }] });
    expect(on.pins.judge).toMatchObject({ model: 'tiny', prompt: '1', answers: [{ choice: '是' }] });
    const again = await inspect(['--judge'], env);
    expect(again.stderr).toContain('Language model: 0 questions asked (about 0 tokens), 1 answered from before.');
    expect(session(again.stdout)).toEqual(on);
    expect(readFileSync(join(dir, 'out', 'report.json'), 'utf8')).toContain('"judge":');
  });

  it('cannot run without its configuration, and not offline', async () => {
    const bare = await inspect(['--judge'], { EARWITNESS_JUDGE_URL: '', EARWITNESS_JUDGE_MODEL: '' });
    expect([bare.status, bare.stderr]).toEqual([
      2,
      expect.stringMatching(/JUDGE_URL is missing[^]*JUDGE_MODEL is missing/),
    ]);
    const offline = await inspect(['--judge', '--offline']);
    expect([offline.status, offline.stderr]).toEqual([2, expect.stringContaining('--offline forbids that')]);
  });
});
