import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchResultSchema, sessionSchema } from '../session/index.ts';
import { installTinyModel } from '../speech/testing/session.ts';
import { sayVowels, wavFile } from '../speech/testing/voice.ts';
import { run } from './testing/run.ts';

let dir: string;
let out: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-cli-'));
  out = join(dir, 'out');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const message = (speaker: string, seconds: number, text: string) => ({
  speaker,
  startMs: seconds * 1000,
  endMs: seconds * 1000,
  text,
  visibility: 'public',
});

const goodChat = {
  id: 'good',
  channel: 'chat',
  language: 'en',
  agentId: 'anna',
  startedAt: '2026-03-01T10:00:00Z',
  turns: [
    message('customer', 0, 'Hello, how long can I return a kettle?'),
    message(
      'agent',
      12,
      'Hello, thank you for contacting Acme, my name is Anna. So you would like to return a kettle, is that correct?',
    ),
    message('customer', 30, 'Yes please.'),
    message(
      'agent',
      45,
      'You can return it within 30 days of delivery. I will send you a free return label today. Is there anything else I can do for you?',
    ),
    message('customer', 70, 'No, that was it, thank you very much!'),
    message(
      'agent',
      80,
      'You will receive a short survey, I would be glad about your rating. Have a great day, goodbye!',
    ),
  ],
};
const rudeChat = {
  ...goodChat,
  id: 'rude',
  turns: [
    message('customer', 0, 'Where is my refund? This is unacceptable.'),
    message('agent', 200, 'Shut up, that is your own fault.'),
    message('customer', 220, 'I will call my lawyer.'),
  ],
};

function write(name: string, content: unknown): string {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

describe('earwitness inspect', () => {
  it('writes a report that holds against its schema and ends with a short summary', async () => {
    const ran = await run(['inspect', write('good.json', goodChat), '--out', out]);
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(out).sort()).toEqual([
      'report-items.csv',
      'report.csv',
      'report.html',
      'report.json',
      'state.sqlite',
    ]);
    const report = batchResultSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    expect(report.sessions.map(({ id, scorecard, passed }) => [id, scorecard?.id, passed])).toEqual([
      ['good', 'service-en', true],
    ]);
    expect(ran.stdout.split('\n').length).toBeLessThanOrEqual(26);
    expect(ran.stdout).toMatch(/^Inspected 1 chat\n/);
  });

  it('answers 1 when a session reaches --fail-on, and puts it on top of the list with its words', async () => {
    const ran = await run([
      'inspect',
      write('rude.json', rudeChat),
      write('good.json', goodChat),
      '--out',
      out,
      '--fail-on',
      'high',
    ]);
    expect(ran.status).toBe(1);
    const first = ran.stdout.slice(ran.stdout.indexOf('Hear these first')).split('\n')[1];
    expect(first).toMatch(/rude\.json/);
    expect(first).toMatch(/“.+”/);
  });

  it('names what could not be read, goes on with the rest, and answers 2', async () => {
    const empty = write('empty.wav', '');
    const ran = await run(['inspect', write('good.json', goodChat), empty, '--out', out]);
    expect(ran.status).toBe(2);
    const report = batchResultSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    expect([report.sessions.length, report.failures.map(({ path, code }) => [path, code])]).toEqual([
      1,
      [[empty, 'file-empty']],
    ]);
    expect(ran.stdout).toContain(empty);
  });

  it('prints the result alone with --json', async () => {
    const ran = await run(['inspect', write('good.json', goodChat), '--out', out, '--json', '--quiet']);
    expect(batchResultSchema.parse(JSON.parse(ran.stdout)).sessions).toHaveLength(1);
  });

  it('writes summary and report in Chinese when asked', async () => {
    const ran = await run(['inspect', write('good.json', goodChat), '--out', out, '--ui-language', 'zh']);
    expect(ran.stdout).toContain('已质检 1 个在线会话');
    expect(ran.stdout).not.toMatch(/[A-Za-z]{3,} [A-Za-z]{3,}/);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/<html[^>]* lang="zh/);
  });

  it('shows every problem of a scorecard at once with its place, before anything is inspected', async () => {
    const card = write(
      'card.yaml',
      'id: x\nversion: one\nlanguage: en\nsections:\n  - id: a\n    title: A\n    items:\n      - { id: i, title: T, expekt: { phrase: hello } }\n',
    );
    const ran = await run(['inspect', write('good.json', goodChat), '--out', out, '--scorecard', card]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/card\.yaml:2:\d+/);
    expect(ran.stderr).toMatch(/card\.yaml:8:\d+/);
    expect(ran.stderr).toContain('expect');
  });

  it.each([
    ['a path that is not there', ['inspect', '/nowhere/at/all'], /nowhere/],
    ['an unknown option', ['inspect', '.', '--nope'], /nope/],
    ['a wrong value', ['inspect', '.', '--fail-on', 'sometimes'], /sometimes/],
    ['an unknown command', ['inspekt'], /inspekt/],
    ['no command at all', [], /Usage/],
  ])('answers 2 to %s', async (_, args, expected) => {
    const ran = await run(args, { cwd: dir });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(expected);
  });

  it('keeps control characters of a transcript away from the terminal', async () => {
    const hostile = {
      ...rudeChat,
      id: 'hostile',
      turns: [
        message('customer', 0, 'I am going to my lawyer \u001b[2J\u001b]0;owned\u0007 unacceptable'),
        message('agent', 9, 'Shut up \u001b[31m you idiot'),
      ],
    };
    const ran = await run(['inspect', write('hostile.json', hostile), '--out', out]);
    // eslint-disable-next-line no-control-regex
    expect(ran.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('recordings', () => {
  // A model that a script builds, of the real architecture: the real recogniser runs, without any download.
  const hearing = () => ['--recogniser', 'sherpa', '--models-dir', dir, '--offline'];
  const writeCall = (name: string, text: string) => {
    const agent = sayVowels(text, 130);
    return write(name, wavFile([agent, new Float32Array(agent.length)]));
  };
  beforeEach(() => installTinyModel(dir, 'zipformerCtc', 'en'));

  it('a transcript written as JSON is read back by inspect', async () => {
    const heard = await run([
      'transcribe',
      writeCall('call.wav', '--aie oua iea--oai eua ioe--'),
      '--format',
      'json',
      ...hearing(),
    ]);
    expect(heard.status).toBe(0);
    const given = sessionSchema.parse(JSON.parse(heard.stdout));
    expect([given.channel, given.transcript.recogniser?.id, given.turns.length > 0]).toEqual(['call', 'sherpa', true]);
    const ran = await run(['inspect', write('transcript.json', heard.stdout), '--out', out, '--json', '--quiet']);
    const [session] = batchResultSchema.parse(JSON.parse(ran.stdout)).sessions;
    expect([session?.channel, session?.turns.map((turn) => turn.text)]).toEqual([
      'call',
      given.turns.map((turn) => turn.text),
    ]);
  });

  it('stops cleanly on Ctrl-C and goes on from there', async () => {
    mkdirSync(join(dir, 'calls'));
    for (const n of [1, 2, 3, 4])
      writeCall(join('calls', `call-${n}.wav`), `-${'aie oua iea-'.repeat(n === 1 ? 1 : 12)}-`);
    const args = ['inspect', join(dir, 'calls'), '--out', out, '--jobs', '1', ...hearing()];
    const first = await run(args, { onStderr: (soFar, stop) => soFar.includes('heard 1 of') && stop() });
    expect(first.status).toBe(130);
    expect(first.stderr).toMatch(/1 recording is kept|[23] recordings are kept/);
    expect(readdirSync(out)).toEqual(['state.sqlite']);
    const second = await run(args);
    expect(second.status).toBe(0);
    expect(second.stderr).toContain('(kept from an earlier run)');
    const report = batchResultSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    expect([report.sessions.map(({ id }) => id), report.recogniser?.id]).toEqual([
      ['call-1', 'call-2', 'call-3', 'call-4'],
      'sherpa',
    ]);
    const fresh = await run([...args, '--fresh']);
    expect([fresh.status, fresh.stderr.includes('kept from an earlier run')]).toEqual([0, false]);
  });

  it('names a language that nobody here understands, and inspects the rest', async () => {
    writeCall('call.wav', '-aie oua-');
    const args = [
      'inspect',
      join(dir, 'call.wav'),
      write('good.json', goodChat),
      '--out',
      out,
      '--language',
      'sw',
      '--offline',
      '--models-dir',
      dir,
    ];
    const ran = await run(args);
    expect(ran.status).toBe(2);
    const report = batchResultSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    expect([report.sessions.map(({ id }) => id), report.failures.map(({ code }) => code)]).toEqual([
      ['good'],
      ['language-unsupported'],
    ]);
  });
});

describe('earwitness doctor and models', () => {
  it('says what works here', async () => {
    const ran = await run(['doctor', '--json']);
    expect(ran.status).toBe(0);
    const checks = JSON.parse(ran.stdout) as { name: { en: string }; state: string }[];
    expect(checks.filter(({ state }) => state === 'ready').map(({ name }) => name.en)).toEqual(
      expect.arrayContaining([
        'Node',
        'SQLite',
        'Sentiment model',
        'Scorecard service.en.yaml',
        'Scorecard service.zh.yaml',
      ]),
    );
  });

  it('lists the models of the catalogue and fetches nothing offline', async () => {
    const listed = await run(['models', 'list', '--models-dir', dir]);
    expect([listed.status, listed.stdout]).toEqual([0, expect.stringMatching(/absent\s+sherpa-onnx-sense-voice/)]);
    const id = /absent\s+(\S+)/.exec(listed.stdout)![1]!;
    const fetched = await run(['models', 'fetch', id, '--models-dir', dir, '--offline']);
    expect([fetched.status, fetched.stderr]).toEqual([2, expect.stringMatching(/offline/i)]);
  });
});
