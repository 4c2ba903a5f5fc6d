import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type SessionResult, sessionResultSchema } from '../../session/index.ts';
import { exportNdjson, exportVcons } from './export.ts';
import { type Opened, openIn, upload } from '../testing/installation.ts';
import type { Vcon } from './vcon.ts';

/** What draft-ietf-vcon-vcon-core-04 asks of the unsigned form; nothing but what it names may stand in it. */
const instant = z.iso.datetime({ offset: true });
const index = z.number().int().min(0);
const content = {
  mediatype: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
  filename: z.string().optional(),
};
const inline = z.discriminatedUnion('encoding', [
  z.object({ encoding: z.literal('none'), body: z.string() }),
  z.object({ encoding: z.literal('base64url'), body: z.string().regex(/^[\w-]*$/) }),
  z.object({ encoding: z.literal('json'), body: z.unknown() }),
]);
const parties = z.union([index, z.array(z.union([index, z.array(index), z.null()]))]);
const times = { start: instant.optional(), duration: z.number().min(0).optional(), parties: parties.optional() };
const vconSchema = z.strictObject({
  vcon: z.literal('0.4.0').optional(),
  uuid: z.uuid({ version: 'v8' }),
  extensions: z.array(z.literal('CC')),
  created_at: instant,
  parties: z.array(
    z.strictObject({
      uuid: z.string().optional(),
      type: z.enum(['person', 'bot', 'organization']).optional(),
      // Of the extension.
      role: z.string().optional(),
    }),
  ),
  dialog: z.array(
    z.union([
      z.strictObject({ type: z.literal('recording'), ...times }),
      z.strictObject({ type: z.literal('recording'), ...times, ...content, encoding: z.string(), body: z.string() }),
      z.strictObject({
        ...{ type: z.literal('text'), ...times, originator: index.optional(), ...content },
        ...{ encoding: z.string(), body: z.string() },
      }),
    ]),
  ),
  analysis: z.array(
    z.strictObject({
      ...{ type: z.string(), dialog: z.array(index), ...content, vendor: z.string(), product: z.string() },
      ...{ schema: z.string(), encoding: z.string(), body: z.unknown() },
    }),
  ),
  attachments: z.array(
    z.strictObject({
      ...{ purpose: z.string(), start: instant, party: index, dialog: index, ...content },
      ...{ encoding: z.string(), body: z.unknown() },
    }),
  ),
});

/** The structure, and that every index leads somewhere and every content is what its encoding says. */
function check(vcon: Vcon): void {
  vconSchema.parse(vcon);
  for (const part of [...vcon.dialog, ...vcon.analysis, ...vcon.attachments])
    if (part.encoding !== undefined) inline.parse(part);
  const leads = (at: number, list: readonly unknown[]) => expect(at).toBeLessThan(list.length);
  for (const { parties, originator = 0 } of vcon.dialog) {
    for (const at of [parties, originator].flat(2)) leads(at, vcon.parties);
  }
  for (const { dialog } of vcon.analysis) for (const at of dialog) leads(at, vcon.dialog);
  for (const { party, dialog } of vcon.attachments) {
    leads(party, vcon.parties);
    leads(dialog, vcon.dialog);
  }
}

describe('export', () => {
  let installation: Opened;
  let out: string;
  let keys: string[];
  const sound = randomBytes(3000);
  const selection = {
    scope: { kind: 'all' } as const,
    filter: {},
    prepare: (result: SessionResult) => result,
  };
  const options = { ...selection, now: () => new Date('2026-11-22T08:00:00.000Z') };
  beforeEach(async () => {
    installation = await openIn();
    out = await mkdtemp(join(tmpdir(), 'earwitness-export-'));
    ({ keys } = await upload(installation, randomBytes(1000), [
      { customer: 'ann', words: 'the line is dead', sound },
      { customer: 'bob', words: '包裹没有到', sound: null },
    ]));
  });
  afterEach(async () => {
    await installation.remove();
    await rm(out, { recursive: true });
  });
  const read = async (key: string) => JSON.parse(await readFile(join(out, `${key}.vcon`), 'utf8')) as Vcon;
  const resultOf = async (key: string) => (await installation.store.sessions.result(key, { kind: 'all' }))!.result;

  it('writes a line for every result, each of the shape of report.schema.json', async () => {
    const lines = (await text(exportNdjson(installation, selection))).trimEnd().split('\n');
    const results = lines.map((line) => sessionResultSchema.parse(JSON.parse(line)));
    expect(results).toEqual(await Promise.all(keys.map(resultOf)));
  });

  it('hands out what was prepared, of what was asked for', async () => {
    const prepare = (result: SessionResult) => ({ ...result, turns: [] });
    const lines = await text(exportNdjson(installation, { ...selection, filter: { customerId: 'bob' }, prepare }));
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([{ ...(await resultOf(keys[1]!)), turns: [] }]);
    const nobody = { ...selection, scope: { kind: 'none' } as const };
    expect(await text(exportNdjson(installation, nobody))).toBe('');
  });

  it('writes a call as a vCon with its sound, words and verdicts', async () => {
    const summary = await exportVcons(installation, out, { ...options, recordings: true });
    expect(summary).toEqual({ sessions: 2, recordings: 1, missing: 0 });
    const vcon = await read(keys[0]!);
    check(vcon);
    const { turns, recording: _, source: __, audio: ___, sentiment, ...verdicts } = await resultOf(keys[0]!);
    expect(vcon).toEqual({
      vcon: '0.4.0',
      uuid: vcon.uuid,
      extensions: ['CC'],
      created_at: '2026-11-22T08:00:00.000Z',
      parties: [
        { uuid: 'agent-1', type: 'person', role: 'agent' },
        { uuid: 'ann', type: 'person', role: 'customer' },
      ],
      dialog: [
        {
          ...{ type: 'recording', start: '2026-03-02T10:00:00.000Z', duration: 6, parties: [0, 1] },
          ...{ mediatype: 'audio/x-wav', filename: 'ann.wav', encoding: 'base64url' },
          body: sound.toString('base64url'),
        },
      ],
      analysis: [
        {
          ...{ type: 'transcript', dialog: [0], mediatype: 'application/json', vendor: 'Earwitness' },
          ...{ product: 'earwitness 1', schema: 'earwitness/report/1#/sessions/turns', encoding: 'json' },
          body: {
            transcript: verdicts.transcript,
            turns: turns.slice(0, 2).map((turn, party) => ({ ...turn, party })),
          },
        },
        expect.objectContaining({ type: 'sentiment', body: sentiment }) as unknown,
        expect.objectContaining({ type: 'report', body: verdicts }) as unknown,
      ],
      attachments: [
        {
          ...{ purpose: 'internal note', start: '2026-03-02T10:00:05.000Z', party: 0, dialog: 0 },
          ...{ mediatype: 'text/plain', encoding: 'none', body: 'note on the line is dead' },
        },
      ],
    });
  });

  it('writes a chat message by message', async () => {
    await exportVcons(installation, out, { ...options, recordings: false });
    const vcon = await read(keys[1]!);
    check(vcon);
    expect(vcon.dialog).toMatchObject([
      { type: 'text', start: '2026-03-02T10:00:00.000Z', parties: [0, 1], originator: 0 },
      { type: 'text', start: '2026-03-02T10:00:02.000Z', parties: [1, 0], originator: 1, body: '包裹没有到' },
    ]);
    expect(vcon.analysis.map(({ type }) => type)).toEqual(['sentiment', 'report']);
    expect(vcon.attachments).toMatchObject([{ dialog: 1, party: 0 }]);
    expect((await stat(join(out, `${keys[1]!}.vcon`))).mode & 0o777).toBe(0o600);
  });

  it('leaves the sound out unless it is asked for, and says when it is gone', async () => {
    await exportVcons(installation, out, { ...options, recordings: false });
    const vcon = await read(keys[0]!);
    check(vcon);
    expect(vcon.dialog).toEqual([
      { type: 'recording', start: '2026-03-02T10:00:00.000Z', duration: 6, parties: [0, 1] },
    ]);
    const { recording } = await resultOf(keys[0]!);
    await installation.archive.remove(recording!.sha256);
    expect(await exportVcons(installation, out, { ...options, recordings: true })).toMatchObject({ missing: 1 });
    await installation.store.upkeep.strip([keys[0]!], 'recording');
    expect(await exportVcons(installation, out, { ...options, recordings: true })).toMatchObject({ missing: 0 });
    expect((await readdir(out)).sort()).toEqual(keys.map((key) => `${key}.vcon`).sort());
  });

  it('gives every export uuids of its own', async () => {
    await exportVcons(installation, out, { ...options, recordings: false });
    const first = [await read(keys[0]!), await read(keys[1]!)];
    await exportVcons(installation, out, { ...options, now: () => new Date(), recordings: false });
    const second = [await read(keys[0]!), await read(keys[1]!)];
    expect(new Set([...first, ...second].map(({ uuid }) => uuid)).size).toBe(4);
  });
});
