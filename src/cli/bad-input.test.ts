import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BatchResult, batchResultSchema } from '../session/index.ts';
import { makeZip } from '../intake/testing/files.ts';
import { installTinyModel } from '../speech/testing/session.ts';
import { sayVowels, wavFile } from '../speech/testing/voice.ts';
import { openRunStore } from '../store/index.ts';
import { type Ran, run } from './testing/run.ts';

// Bad input as a user meets it: the whole program, many inputs in one run because each start costs seconds.

const secret = 'My card is 4111 1111 1111 1111, says Ms Quillfeather';
const chat = (id: string, more: object = {}) => ({
  id,
  channel: 'chat',
  language: 'en',
  agentId: 'anna',
  messages: [
    { sender: 'customer', time: '2026-03-01T10:00:00Z', text: secret },
    { sender: 'agent', time: '2026-03-01T10:00:20Z', text: 'Good morning, this is Anna from Acme, how can I help?' },
  ],
  ...more,
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-bad-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, content: unknown) => {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
};
const resultOf = (out: string) => batchResultSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));

describe('a folder full of faults', () => {
  let base: string;
  let ran: Ran;
  let result: BatchResult;
  let left: string[];

  // One run for all of them; what is checked is that each fault costs itself alone.
  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'earwitness-faults-'));
    const inputs = join(base, 'in');
    const temp = join(base, 'tmp');
    cpSync('fixtures/batches/broken', inputs, { recursive: true });
    mkdirSync(temp);
    const put = (name: string, content: string | Buffer) => writeFileSync(join(inputs, name), content);
    put(
      'line-50mb.jsonl',
      `${JSON.stringify(chat('before'))}\n{"id":"${'x'.repeat(50_000_000)}"}\n${JSON.stringify(chat('after'))}\n`,
    );
    // "您好" and more in GB18030, as a Chinese spreadsheet program saves it.
    const gb =
      '73657373696f6e49642c6368616e6e656c2c6c616e67756167652c73656e6465722c746578740a67622c636861742c7a682c637573746f6d65722cc4fabac3a3accef2cfebcdcbbbf5a3acc7ebcecac8e7bacebdecefada3bf0a67622c636861742c7a682c6167656e742cc4fabac3a3acbadcb8d0d0bbc4fab5c4c0b4b5e70a';
    put('gb18030.csv', Buffer.from(gb, 'hex'));
    put('silence.wav', wavFile([new Float32Array(600 * 16_000)]));
    // A second of quiet: ten minutes of it would pack so well that they are taken for a bomb.
    const zip = makeZip([
      { name: 'calls/quiet.wav', content: wavFile([new Float32Array(16_000)]) },
      { name: 'calls/none.wav', content: readFileSync(join(inputs, 'zero-samples.wav')) },
    ]);
    put('calls.zip', zip);
    const out = join(base, 'out');
    ran = await run(
      ['inspect', inputs, join(base, 'absent.json'), join(inputs, 'empty.wav', 'below'), '--out', out, '--offline'],
      { env: { TMPDIR: temp } },
    );
    result = resultOf(out);
    left = readdirSync(temp).filter((name) => name.startsWith('earwitness'));
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  const failures = () =>
    result.failures.map(
      ({ code, path }) => `${code} ${path.replace(`${join(base, 'in')}/`, '').replace(`${base}/`, '')}`,
    );

  it('names every one of them, with its place and what to do', () => {
    expect(failures().sort()).toEqual([
      'audio-no-samples calls.zip#calls/none.wav',
      'audio-no-samples header-cut.wav',
      'audio-no-samples zero-samples.wav',
      'audio-not-audio random-bytes.mp3',
      'audio-not-audio text-renamed.wav',
      'csv-invalid ragged.csv:2:45',
      'file-empty empty.wav',
      'file-encoding wrong-encoding.csv',
      'json-invalid broken-line.jsonl:2:62',
      'json-invalid broken.json:2:1',
      'line-too-long line-50mb.jsonl:2:1',
      'mail-invalid no-mail.eml',
      'path-not-found absent.json',
      'path-unreadable empty.wav/below',
      'session-duplicate chat-duplicate-ids.jsonl#line 2',
      'session-empty chat-empty.json',
      'zip-invalid not-a-zip.zip',
      'zip-too-large bomb.zip#bomb.json',
      'zip-unsafe-path climbs-out.zip#../../escaped.json',
    ]);
    expect(result.failures.filter(({ message, hint }) => message.length < 10 || !hint)).toEqual([]);
    expect(existsSync(join(base, 'escaped.json'))).toBe(false);
  });

  it('inspects the rest and says what was amiss', () => {
    const notices = result.sessions.map(({ id, score, notices: all }) => [
      id,
      score === null,
      all.map(({ code }) => code),
    ]);
    expect(notices).toEqual(
      expect.arrayContaining([
        ['before', false, []],
        ['after', false, []],
        ['broken-no-times', false, ['times-missing']],
        ['broken-times-backwards', false, ['times-backwards']],
        ['broken-unknown-speakers', true, ['speaker-unknown']],
        ['truncated', true, ['audio-truncated', 'audio-mono', 'audio-no-speech']],
        ['silence', true, ['audio-mono', 'audio-no-speech']],
      ]),
    );
    const [gb] = result.sessions.filter(({ source }) => source.path.endsWith('gb18030.csv'));
    expect(gb?.turns.map(({ speaker, text }) => [speaker, text.slice(0, 3)])).toEqual([
      ['customer', '您好，'],
      ['agent', '您好，'],
    ]);
  });

  it('answers 2, tells every fault, nothing that anybody said, and leaves no temporary file', () => {
    expect(ran.status).toBe(2);
    for (const { path, message } of result.failures) expect(ran.stderr).toContain(`failed: ${path}: ${message}`);
    expect(ran.stderr).not.toMatch(/4111|Quillfeather/);
    expect(ran.stdout.split('\n').length).toBeLessThanOrEqual(26);
    expect(ran.stdout).toContain(`${result.failures.length - 3} more in the report`);
    expect(left).toEqual([]);
  });

  it('names what came out of an archive as the user does', () => {
    const [unpacked] = result.sessions.filter(({ source }) => source.path.endsWith('calls.zip'));
    const name = `${join(base, 'in', 'calls.zip')}#calls/quiet.wav`;
    expect([unpacked?.recording?.path, unpacked?.notices.map(({ path }) => path)]).toEqual([name, [name, name]]);
    expect(readFileSync(join(base, 'out', 'report.json'), 'utf8')).not.toContain(join(base, 'tmp'));
    expect(readdirSync(join(base, 'out', 'recordings'))).toEqual([expect.stringMatching(/\.wav$/)]);
  });
});

describe('places that cannot be used', () => {
  it('answers 2 to a file as output folder and leaves it as it was', async () => {
    const file = write('file', 'x');
    const ran = await run(['inspect', 'fixtures/batches/broken/chat-no-times.json', '--out', file]);
    expect([ran.status, ran.stdout, readFileSync(file, 'utf8')]).toEqual([2, '', 'x']);
    expect(ran.stderr).toBe(
      `earwitness: ${file}: file is a file, not a folder.\n` +
        '  Choose another --out folder, or give the user that runs earwitness permission to write there.\n',
    );
  });

  it('lets one run at a time work in a folder', async () => {
    const store = openRunStore(join(dir, 'out', 'state.sqlite'));
    const args = ['inspect', write('chat.json', chat('c')), '--out', join(dir, 'out')];
    const second = await run(args);
    expect([second.status, second.stdout]).toEqual([2, '']);
    expect(second.stderr).toMatch(/Another run is at work in this folder\.\n {2}Wait until it has ended/);
    store.close();
    expect((await run(args)).status).toBe(0);
  });

  it('says which of several scorecards is wrong or is not there, before anything is inspected', async () => {
    const list = write(
      'card.yaml',
      [
        '{ id: x, version: 1, title: X, language: en, lexicons: { hello: { file: nowhere.yaml } }, sections: [',
        '{ id: a, title: A, weight: 1, items: [{ id: i, title: T, expect: { phrase: $hello } }] }] }',
      ].join('\n'),
    );
    const args = ['--scorecard', list, '--scorecard', join(dir, 'absent.yaml')];
    const ran = await run(['inspect', ...args, write('chat.json', chat('c')), '--out', join(dir, 'out')]);
    expect([ran.status, ran.stdout, existsSync(join(dir, 'out'))]).toEqual([2, '', false]);
    expect(ran.stderr).toMatch(/nowhere\.yaml/);
    expect(ran.stderr).toMatch(/absent\.yaml/);
  });
});

const mayMount = (() => {
  const at = mkdtempSync(join(tmpdir(), 'earwitness-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true });
  }
})();

// Skipped where this user may not mount: a disk cannot be filled otherwise without harming the machine.
describe.skipIf(!mayMount)('a full disk', () => {
  let disk: string;
  const mount = (size: string) => {
    disk = join(dir, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
  };
  afterEach(() => execFileSync('umount', [disk]));

  it.each(['8k', '64k'])('under the report (%s): says so and leaves no half of one', async (size) => {
    mount(size);
    const ran = await run(['inspect', 'fixtures/batches/broken/chat-no-times.json', '--out', join(disk, 'out')]);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/(The disk is full|No space is left)[^\n]*\n {2}Free some space/);
    expect(readdirSync(join(disk, 'out')).filter((name) => !name.startsWith('state.sqlite'))).toEqual([]);
  });

  it('under the temporary folder: loses what has to be unpacked, and nothing else', async () => {
    mount('300k');
    installTinyModel(dir, 'zipformerCtc', 'en');
    const call = write('call.wav', wavFile([sayVowels('-aie oua iea-'.repeat(20), 130)]));
    writeFileSync(join(dir, 'calls.zip'), makeZip([{ name: 'call.wav', content: readFileSync(call) }]));
    const out = join(dir, 'out');
    const hearing = ['--recogniser', 'sherpa', '--models-dir', dir, '--offline'];
    const args = ['inspect', join(dir, 'calls.zip'), call, write('chat.json', chat('c')), '--out', out, ...hearing];
    const ran = await run(args, { env: { TMPDIR: disk } });
    expect(ran.status).toBe(2);
    expect(
      resultOf(out)
        .sessions.map(({ id }) => id)
        .sort(),
    ).toEqual(['c', 'call']);
    expect(resultOf(out).failures).toEqual([
      {
        code: 'disk-full',
        path: `${join(dir, 'calls.zip')}#call.wav`,
        message: `There is no room to unpack this in the temporary folder ${disk}.`,
        hint: 'Free some space there, or set TMPDIR to a folder with more; then run again.',
      },
    ]);
    expect(readdirSync(disk).filter((name) => name.startsWith('earwitness'))).toEqual([]);
  });
});

const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const mayDrop = (() => {
  try {
    execFileSync(nobody[0]!, [...nobody.slice(1), 'test', '-r', join(import.meta.dirname, 'main.ts')], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
})();

// Root may read and write everything, so the run is given to somebody else; skipped where that cannot be done.
describe.skipIf(!mayDrop)('without permission', () => {
  it('names what may not be read, and a folder that may not be written to', async () => {
    const readable = write('a.json', chat('a'));
    const hidden = write('b.json', chat('b'));
    mkdirSync(join(dir, 'locked'));
    for (const [path, mode] of [
      [dir, 0o755],
      [readable, 0o644],
      [hidden, 0],
      [join(dir, 'locked'), 0],
    ] as const)
      chmodSync(path, mode);
    const out = join(dir, 'out');
    mkdirSync(out);
    const refused = await run(['inspect', dir, '--out', out], { through: nobody });
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/state\.sqlite: .*cannot be opened for writing\.\n {2}Choose another --out folder/);
    chmodSync(out, 0o777);
    const ran = await run(['inspect', dir, '--out', out], { through: nobody });
    expect(ran.status).toBe(2);
    expect(resultOf(out).sessions.map(({ id }) => id)).toEqual(['a']);
    // The output folder lies among the inputs: what the run itself keeps there is no input.
    expect(resultOf(out).failures.map(({ code, path }) => [code, path])).toEqual([
      ['path-unreadable', join(dir, 'locked')],
      ['path-unreadable', hidden],
    ]);
  });
});
