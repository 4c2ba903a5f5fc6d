import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Workspace, encodeChinese, failuresOf, makeZip, sessionsOf, silentWav } from './testing/files.ts';

const open: Workspace[] = [];
function workspace(files: Record<string, string | Uint8Array> = {}): Workspace {
  const made = new Workspace(files);
  open.push(made);
  return made;
}
afterEach(() => open.splice(0).forEach((made) => made.dispose()));

const chat = (id: string) => JSON.stringify({ id, messages: [{ role: 'user', text: 'Hello', time: 1772359325 }] });
const wav = silentWav();

describe('zip', () => {
  it('is read like the folder that it was packed from', async () => {
    const w = workspace({
      'batch.zip': makeZip([
        { name: 'calls/b.wav', content: wav, deflate: true },
        { name: 'calls/b.json', content: JSON.stringify({ agent: 'Anna' }) },
        { name: 'calls/', content: '' },
        { name: 'readme.txt', content: 'x' },
        { name: '__MACOSX/._b.wav', content: 'x' },
        { name: 'chats.jsonl', content: `${chat('1')}\n${chat('2')}\n{`, deflate: true },
        {
          name: 'call.json',
          content: JSON.stringify({
            id: 'own',
            recording: 'calls/c.wav',
            turns: [{ speaker: 'agent', startMs: 0, endMs: 5, text: 'Hi' }],
          }),
        },
        { name: 'calls/c.wav', content: wav },
      ]),
    });
    const items = await w.read();
    expect(
      sessionsOf(items).map((item) => [
        item.session.id,
        w.relative(item.source.path),
        item.source.entry,
        item.session.agentId,
      ]),
    ).toEqual([
      ['own', 'batch.zip', 'call.json', null],
      ['1', 'batch.zip', 'chats.jsonl line 1', null],
      ['2', 'batch.zip', 'chats.jsonl line 2', null],
      ['calls/b', 'batch.zip', 'calls/b.wav', 'Anna'],
    ]);
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['batch.zip#chats.jsonl:3:2', 'json-invalid'],
    ]);
    for (const item of [sessionsOf(items)[0]!, sessionsOf(items)[3]!]) {
      expect(item.recordingPath?.startsWith(w.temp)).toBe(true);
      expect(readFileSync(item.recordingPath!)).toEqual(wav);
    }
  });

  it('refuses unsafe, linked, encrypted and nested entries one by one', async () => {
    const w = workspace({
      'evil.zip': makeZip([
        { name: '../out.json', content: chat('out') },
        { name: '/abs.json', content: chat('abs') },
        { name: 'a\\..\\..\\win.json', content: chat('win') },
        { name: 'link.json', content: '/etc/passwd', mode: 0o120777 },
        { name: 'locked.json', content: chat('locked'), flags: 0x801, statedSize: chat('locked').length - 12 },
        { name: 'inner.zip', content: makeZip([{ name: 'x.json', content: chat('x') }]) },
        { name: 'sum.json', content: chat('sum'), badSum: true },
        { name: 'good.json', content: chat('good') },
      ]),
    });
    const items = await w.read();
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['evil.zip#../out.json', 'zip-unsafe-path'],
      ['evil.zip#/abs.json', 'zip-unsafe-path'],
      ['evil.zip#a/../../win.json', 'zip-unsafe-path'],
      ['evil.zip#link.json', 'zip-unsafe-path'],
      ['evil.zip#locked.json', 'zip-invalid'],
      ['evil.zip#inner.zip', 'zip-invalid'],
      ['evil.zip#sum.json', 'zip-invalid'],
    ]);
    expect(sessionsOf(items).map((item) => item.session.id)).toEqual(['good']);
    expect(existsSync(w.at('out.json')) || existsSync(w.at('../out.json'))).toBe(false);
  });

  it('holds archives to their limits', async () => {
    const bomb = makeZip([
      { name: 'zeros.json', content: Buffer.alloc(4_000_000), deflate: true },
      { name: 'a.json', content: chat('a') },
    ]);
    const lying = makeZip([{ name: 'a.json', content: chat('a').padEnd(5000), deflate: true, statedSize: 20 }]);
    const w = workspace({ 'bomb.zip': bomb, 'lying.zip': lying });
    const codes = async (name: string, limits = {}) =>
      (await w.read([name], { limits })).map((item) => (item.kind === 'failure' ? item.problem.code : item.session.id));
    expect(await codes('bomb.zip')).toEqual(['zip-too-large', 'a']);
    expect(await codes('bomb.zip', { zipRatio: 1e9, zipEntryBytes: 1_000_000 })).toEqual(['zip-too-large', 'a']);
    expect(await codes('bomb.zip', { zipEntries: 1 })).toEqual(['zip-too-large']);
    expect(await codes('bomb.zip', { zipTotalBytes: 1_000_000 })).toEqual(['zip-too-large']);
    expect(await codes('lying.zip')).toEqual(['zip-invalid']);
  });

  it('decodes names in GBK without a flag, and in UTF-8 without a flag', async () => {
    const w = workspace({
      'names.zip': makeZip([
        { name: encodeChinese('录音/客服通话一.wav', 'gb18030'), content: wav },
        { name: Buffer.from('会话.json'), content: chat('utf8') },
      ]),
    });
    expect(sessionsOf(await w.read()).map((item) => item.source.entry)).toEqual(['会话.json', '录音/客服通话一.wav']);
  });

  it('answers for a broken archive, an empty one and an Office document', async () => {
    const w = workspace({
      'cut.zip': makeZip([{ name: 'a.json', content: chat('a') }]).subarray(0, 60),
      'empty.zip': makeZip([]),
      'fake.zip': 'text',
      'table.xlsx': makeZip([{ name: '[Content_Types].xml', content: '<x/>' }]),
    });
    expect(failuresOf(await w.read()).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['cut.zip', 'zip-invalid'],
      ['empty.zip', 'file-empty'],
      ['fake.zip', 'zip-invalid'],
      ['table.xlsx', 'file-kind-unknown'],
    ]);
  });
});
