import { createHash, randomUUID } from 'node:crypto';
import { type Annotator, createAnnotator } from '../../../annotate/index.ts';
import { inspectSession } from '../../../pipeline/index.ts';
import { type CompiledScorecard, loadScorecard } from '../../../scorecard/index.ts';
import type { Batch, Session, SessionResult } from '../../../session/index.ts';
import { finish } from '../../../worker/index.ts';
import type { Context } from '../../context.ts';

/** A small scorecard: an identity check in time, and words that must not fall. */
export const cardText = `id: desk-en
version: 1
language: en
title: { en: Desk, zh: 柜台 }
sections:
  - id: all
    title: { en: All, zh: 全部 }
    items:
      - id: identity
        title: { en: Identity within 10 s, zh: 十秒内核身份 }
        expect: { phrase: [your name, your full name], by: agent, time: first 10s }
      - id: no-insult
        title: { en: No insult, zh: 不辱骂 }
        severity: high
        critical: customer
        forbid: { phrase: [idiot, shut up], by: agent }
      - id: thanks
        title: { en: Thanks, zh: 致谢 }
        expect: { phrase: [thank you for contacting us], by: agent }
`;
export const cardPath = '/scorecards/desk.en.yaml';

export async function compiledCard(text = cardText): Promise<CompiledScorecard> {
  return loadScorecard(cardPath, { read: () => Promise.resolve(text) });
}

/** Puts the small scorecard in force. */
export async function publishCard({ store: { bundles } }: Pick<Context, 'store'>, text = cardText): Promise<string> {
  const card = await compiledCard(text);
  const { id, version, hash } = card.ref;
  await bundles.pin({
    kind: 'scorecard',
    hash,
    id,
    version: String(version),
    path: cardPath,
    files: card.sources.map((source) => ({
      path: source.path,
      sha256: source.sha256,
      bytes: Buffer.from(source.text),
    })),
  });
  await bundles.publish(id, String(version), hash);
  return hash;
}

export type Said = readonly [speaker: 'agent' | 'customer', startS: number, text: string];

export const civil: readonly Said[] = [
  ['agent', 0, 'Good morning, may I have your name please?'],
  ['customer', 4, 'Dana Price, my number is 13800138000.'],
  ['agent', 9, 'All done. Thank you for contacting us.'],
];
export const rude: readonly Said[] = [
  ['agent', 0, 'What do you want?'],
  ['customer', 14, 'My parcel is lost and I will call my lawyer.'],
  ['agent', 20, 'Shut up, you idiot.'],
];

export function chat(turns: readonly Said[], more: Partial<Session> = {}): Session {
  return {
    id: `chat-${randomUUID()}`,
    channel: 'chat',
    language: 'en',
    agentId: 'agent-1',
    customerId: 'customer-1',
    team: 'A',
    queue: null,
    startedAt: '2026-01-05T10:00:00.000Z',
    attributes: {},
    recording: null,
    transcript: { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: turns.map(([speaker, start, text], index) => ({
      n: index + 1,
      speaker,
      startMs: start * 1000,
      endMs: start * 1000,
      text,
      visibility: 'public',
    })),
    ...more,
  };
}

let annotator: Annotator | undefined;

export async function inspected(session: Session): Promise<SessionResult> {
  const judges = { scorecards: [await compiledCard()], annotator: (annotator ??= createAnnotator()) };
  return inspectSession({ session, audio: null, source: { path: 'chats.json', entry: null }, notices: [] }, judges);
}

export interface Recorded {
  batch: Batch;
  key: string;
  result: SessionResult;
}

/** A session that went all the way: in a batch, inspected, recorded; with its sound in the archive where `sound` is given. */
export async function recordSession(
  context: Pick<Context, 'store' | 'archive'>,
  session: Session,
  { batch: given, sound }: { batch?: Batch; sound?: Uint8Array } = {},
): Promise<Recorded> {
  const { store, archive } = context;
  const batch =
    given ??
    (await store.batches.create({
      title: `Batch of ${session.team}`,
      team: session.team,
      createdBy: 'watch',
      settings: { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'given' },
    }));
  const sha256 = createHash('sha256').update(session.id).digest('hex');
  const file = await store.batches.addFile({ batchId: batch.id, name: 'chats.json', sha256, bytes: 10, again: true });
  const key = `${file!.id}-000000`;
  const recordingSha256 = sound ? (await archive.put(sound)).sha256 : null;
  const whole: Session = recordingSha256
    ? {
        ...session,
        recording: {
          path: 'call.wav',
          sha256: recordingSha256,
          durationMs: 1000,
          container: 'wav',
          codec: 'pcm_s16le',
          sampleRate: 8000,
          channels: 1,
          roles: ['mixed'],
        },
      }
    : session;
  await store.sessions.addWaiting([
    {
      key,
      batchId: batch.id,
      fileId: file!.id,
      state: 'waiting',
      session: { ...whole, recording: null },
      source: { path: 'chats.json', entry: null },
      notices: [],
      recordingSha256,
      channelRoles: null,
    },
  ]);
  const result = await inspected(whole);
  await store.sessions.record([finish(key, result)]);
  return { batch, key, result };
}
