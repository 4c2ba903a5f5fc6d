import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { formats } from './formats/index.ts';
import { Workspace, encodeChinese, failuresOf, sessionsOf, silentWav } from './testing/files.ts';

const open: Workspace[] = [];
function workspace(files: Record<string, string | Uint8Array> = {}): Workspace {
  const made = new Workspace(files);
  open.push(made);
  return made;
}
afterEach(() => open.splice(0).forEach((made) => made.dispose()));

const wav = silentWav();
const hasFfmpeg = (() => {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

function kindOf(bytes: Buffer, extension = ''): string | null {
  const head = bytes.subarray(0, 65_536);
  return (
    formats.find((format) => format.recognises({ bytes: head, size: bytes.length, extension, text: null }))?.id ?? null
  );
}

describe('recordings by content', () => {
  it('tells WAV and its 64-bit form', () => {
    const rf64 = Buffer.from(wav);
    rf64.write('RF64', 0, 'latin1');
    expect([kindOf(wav), kindOf(rf64), kindOf(Buffer.from('RIFF....AVI LIST'))]).toEqual(['wav', 'wav', null]);
  });

  it.skipIf(!hasFfmpeg)('tells what ffmpeg writes', () => {
    const w = workspace({ 'in.wav': wav });
    const made = (name: string, ...options: string[]) => {
      execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', w.at('in.wav'), ...options, w.at(name)]);
      return kindOf(readFileSync(w.at(name)));
    };
    expect([
      made('a.mp3'),
      made('bare.mp3', '-write_id3v2', '0', '-id3v2_version', '0', '-write_xing', '0'),
      made('a.flac'),
      made('a.opus', '-ar', '48000'),
      made('a.ogg', '-c:a', 'libvorbis'),
      made('a.m4a'),
      made('a.aac'),
    ]).toEqual(['mp3', 'mp3', 'flac', 'ogg', 'ogg', 'mp4', 'aac']);
  });

  it('tells AMR, raw GSM and MP3 behind a large tag', () => {
    const gsm = Buffer.alloc(33 * 60, 0x12);
    for (let i = 0; i < gsm.length; i += 33) gsm[i] = 0xd5;
    const tag = Buffer.alloc(120_000);
    tag.write('ID3\u0004\u0000\u0000\u0000\u0006\u000d\u0020', 'latin1');
    expect([
      kindOf(Buffer.from('#!AMR\n<'.padEnd(40))),
      kindOf(gsm),
      kindOf(gsm.subarray(0, 66)),
      kindOf(gsm.subarray(0, 66), '.gsm'),
      kindOf(tag),
    ]).toEqual(['amr', 'gsm', null, 'gsm', 'mp3']);
  });

  it('reads a recording under a wrong name by its content, and text under the name of a recording not at all', async () => {
    const w = workspace({ 'call.mp3': wav, 'call2.json': wav, 'text.gsm': 'Just some text.' });
    const items = await w.read();
    expect(sessionsOf(items).map((item) => item.session.id)).toEqual(['call', 'call2']);
    expect(failuresOf(items).map((p) => p.code)).toEqual(['audio-not-audio']);
  });

  it.skipIf(!existsSync('../shared/audio'))('reads the real recordings', async () => {
    const w = workspace();
    const items = [];
    for (const name of [
      'jfk.wav',
      'silero-test.mp3',
      'silero-test.opus',
      'whatstheweatherlike-mulaw.wav',
      'auto-repairs-40-agent.wav',
    ])
      items.push(kindOf(readFileSync(`../shared/audio/${name}`)));
    expect(items).toEqual(['wav', 'mp3', 'ogg', 'wav', 'wav']);
    w.dispose();
  });
});

describe('metadata', () => {
  it('prefers the sidecar over the manifest over the file name, field by field', async () => {
    const name = '2026-03-01T10-22-05_agent17_cust993_billing.wav';
    const w = workspace({
      [name]: wav,
      [`${name}.json`]: JSON.stringify({ agent: 'Anna', survey: 2, agentChannel: 'right' }),
      'manifest.csv': `file,agentId,customer,team,language,survey,campaign\n${name},Bob,cust1,Blue,zh,5,spring\n`,
    });
    const items = await w.read();
    expect(items).toEqual([
      {
        kind: 'session',
        session: {
          id: '2026-03-01T10-22-05_agent17_cust993_billing',
          channel: 'call',
          language: 'zh',
          agentId: 'Anna',
          customerId: 'cust1',
          team: 'Blue',
          queue: 'billing',
          startedAt: '2026-03-01T10:22:05.000Z',
          attributes: { survey: 2, campaign: 'spring' },
          recording: null,
          transcript: { origin: 'recognised', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
          turns: [],
        },
        recordingPath: w.at(name),
        channelRoles: ['customer', 'agent'],
        source: { path: w.at(name), entry: null },
        notices: [],
      },
    ]);
  });

  it('takes a transcript given in the sidecar, with word times', async () => {
    const w = workspace({
      'call-17.wav': wav,
      'call-17.json': JSON.stringify({
        id: 'A-17',
        start: '2026/3/1 18:22:05',
        turns: [
          {
            speaker: 'agent',
            startMs: 0,
            endMs: 900,
            text: 'Hello there',
            words: [
              { text: 'Hello', startMs: 0, endMs: 400, confidence: 0.9 },
              { word: ' there', start: 0.5, end: 0.9, probability: 0.7 },
            ],
          },
          { speaker: 'customer', start: 1, end: 2.5, text: 'Hi' },
        ],
      }),
    });
    const [item] = sessionsOf(await w.read([''], { timeZone: 'Asia/Shanghai' }));
    expect(item).toMatchObject({
      session: {
        id: 'A-17',
        language: 'en',
        startedAt: '2026-03-01T10:22:05.000Z',
        transcript: { origin: 'given', wordTimes: true, confidence: 0.8 },
        turns: [
          {
            n: 1,
            startMs: 0,
            endMs: 900,
            words: [
              { text: 'Hello', startMs: 0, endMs: 400, confidence: 0.9 },
              { text: 'there', startMs: 500, endMs: 900, confidence: 0.7 },
            ],
          },
          { n: 2, startMs: 1000, endMs: 2500 },
        ],
      },
      recordingPath: w.at('call-17.wav'),
      notices: [],
    });
  });

  it('reads a Chinese manifest in GBK and names rows without a file, doubles and wrong values', async () => {
    const manifest =
      '文件,坐席,客户,开始时间,队列,语言\na.wav,小王,张三,2026/3/1 10:22:05,售后,中文\nb.wav,小李,,不知道,,\na.wav,小赵,,,,\nc.wav,小钱,,,,\n,小孙,,,,\n';
    const w = workspace({ 'a.wav': wav, 'b.wav': wav, 'manifest.csv': encodeChinese(manifest, 'gb18030') });
    const items = await w.read();
    expect(sessionsOf(items).map((item) => item.session)).toMatchObject([
      {
        id: 'a',
        agentId: '小王',
        customerId: '张三',
        startedAt: '2026-03-01T10:22:05.000Z',
        queue: '售后',
        language: 'zh',
      },
      { id: 'b', agentId: '小李', startedAt: null },
    ]);
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['manifest.csv:3', 'manifest-invalid'],
      ['manifest.csv:4', 'manifest-invalid'],
      ['manifest.csv:6', 'manifest-invalid'],
      ['manifest.csv:5', 'manifest-unmatched'],
    ]);
  });

  it('goes on without a broken sidecar or a manifest without file column', async () => {
    const w = workspace({
      'a.wav': wav,
      'a.json': '{"agent": "Anna",}',
      'b.wav': wav,
      'b.wav.json': JSON.stringify({ agentChannel: 'middle', startedAt: 'soon' }),
      'manifest.csv': 'name,agent\na.wav,Anna\n',
    });
    const items = await w.read();
    expect(sessionsOf(items).map((item) => item.session.id)).toEqual(['a', 'b']);
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code, p.message.slice(0, 60)])).toEqual([
      ['a.json:1:18', 'sidecar-invalid', 'Not valid JSON in line 1, column 18: a comma before "}". The'],
      ['b.wav.json', 'sidecar-invalid', 'agentChannel: expected left or right, received "middle"; sta'],
      ['manifest.csv:1', 'manifest-invalid', 'The manifest has no column "file" (文件); it has "name", "agen'],
    ]);
  });

  it('lets a session name its recording, which then is not read by itself', async () => {
    const w = workspace({
      'audio/a.wav': wav,
      'calls.jsonl': [
        JSON.stringify({
          id: '1',
          channel: 'call',
          recording: 'audio/a.wav',
          turns: [{ speaker: 'agent', startMs: 0, endMs: 500, text: 'Hi' }],
        }),
        JSON.stringify({
          id: '2',
          channel: 'call',
          recording: '../../etc/hosts',
          turns: [{ speaker: 'agent', startMs: 0, endMs: 500, text: 'Hi' }],
        }),
        JSON.stringify({ id: '3', channel: 'call', recording: 'lost.wav' }),
      ].join('\n'),
    });
    const items = await w.read();
    expect(
      sessionsOf(items).map((item) => [
        item.session.id,
        item.recordingPath && w.relative(item.recordingPath),
        item.notices.map((n) => n.code),
      ]),
    ).toEqual([
      ['1', 'audio/a.wav', []],
      ['2', null, ['path-unreadable']],
    ]);
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code])).toEqual([['calls.jsonl:3', 'path-unreadable']]);
  });

  it('follows file-name patterns of the caller and the agent channel option', async () => {
    const w = workspace({ 'billing-7-20260301T102205.wav': wav, 'odd.wav': wav });
    const items = await w.read([''], {
      fileNamePatterns: ['{queue}-{agentId}-{startedAt}'],
      agentChannel: 'right',
      defaultLanguage: 'zh',
    });
    expect(
      sessionsOf(items).map(({ session, channelRoles }) => [
        session.queue,
        session.agentId,
        session.startedAt,
        session.language,
        channelRoles,
      ]),
    ).toEqual([
      ['billing', '7', '2026-03-01T10:22:05.000Z', 'zh', ['customer', 'agent']],
      [null, null, null, 'zh', ['customer', 'agent']],
    ]);
  });
});
