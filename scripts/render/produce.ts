import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Role, type Session, sessionSchema } from '../../src/session/index.ts';
import { addAt, holdMusic, lineNoise, ringTone, toPcm16 } from './pcm.ts';
import { runProgram } from './run.ts';
import { extensionOf, isTurn, lineOf, type Scenario } from './scenario.ts';
import { type Speech, speak } from './speak.ts';
import { layOut, type Timeline } from './timeline.ts';

/** What is known about a rendered call, in the session vocabulary plus what only the renderer can know. */
export interface Truth extends Omit<Timeline, 'turns' | 'durationMs'> {
  schema: 'earwitness/truth/1';
  /** Where a word's times come from: the synthesiser itself, or shares of a clause whose ends are exact. */
  wordTimes: 'exact' | 'shared';
  zero: { recordingStart: 0; firstSpeech: number; firstAgentWord: number; firstCustomerWord: number };
  session: Session;
}

/** Renders one scenario: the audio's bytes (made with ffmpeg) and the truth about it. Same input, same bytes. */
export async function produce(scenario: Scenario, audioPath: string): Promise<{ audio: Buffer; truth: Truth }> {
  const lines: Speech[] = [];
  for (const step of scenario.steps.filter(isTurn)) {
    const { speaker, text } = lineOf(step);
    lines.push(await speak(text, scenario.voices[speaker]));
  }
  const timeline = layOut(scenario, lines);
  const audio = await encode(scenario, mix(scenario, timeline, lines));
  return { audio, truth: truthOf(scenario, timeline, audioPath, audio) };
}

function mix(scenario: Scenario, timeline: Timeline, lines: readonly Speech[]): Float32Array[] {
  const seed = Number.parseInt(createHash('sha256').update(scenario.id).digest('hex').slice(0, 8), 16);
  const agent = lineNoise(timeline.durationMs, seed);
  const customer = lineNoise(timeline.durationMs, seed ^ 0x5bd1e995);
  for (const [i, turn] of timeline.turns.entries()) {
    const { samples, leadMs } = lines[i]!;
    addAt(turn.speaker === 'agent' ? agent : customer, samples, turn.startMs - leadMs);
  }
  // Ringing and hold music come from the company's side of the line.
  if (timeline.ring) addAt(agent, ringTone(timeline.ring.endMs), 0);
  for (const { startMs, endMs } of timeline.music) addAt(agent, holdMusic(endMs - startMs), startMs);
  const both = agent.map((value, i) => (value + customer[i]!) / 2);
  return { stereo: [agent, customer], swapped: [customer, agent], identical: [both, both], mono: [both] }[
    scenario.audio.layout
  ];
}

/** The role of each channel in the file; a mix, or two sides that carry one mix, is `mixed`. */
export function channelRoles(layout: Scenario['audio']['layout']): Role[] {
  const roles: Record<typeof layout, Role[]> = {
    stereo: ['agent', 'customer'],
    swapped: ['customer', 'agent'],
    identical: ['mixed'],
    mono: ['mixed'],
  };
  return roles[layout];
}

/** Bit-exact flags keep dates and library names out of the file; one thread keeps the order of operations. */
const reproducible = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-threads', '1'];
const codecs: Record<Scenario['audio']['format'], readonly string[]> = {
  'wav-pcm16': ['-c:a', 'pcm_s16le', '-f', 'wav'],
  'wav-mulaw': ['-c:a', 'pcm_mulaw', '-f', 'wav'],
  mp3: ['-c:a', 'libmp3lame', '-b:a', '48k', '-f', 'mp3'],
  opus: ['-c:a', 'libopus', '-b:a', '32k', '-application', 'audio', '-f', 'ogg'],
};

async function encode(scenario: Scenario, channels: readonly Float32Array[]): Promise<Buffer> {
  const { format, sampleRate } = scenario.audio;
  const input = ['-f', 's16le', '-ar', '16000', '-ac', String(channels.length), '-i', 'pipe:0'];
  const output = [...codecs[format], '-ar', String(sampleRate), ...reproducible, 'pipe:1'];
  const encoded = await runProgram('ffmpeg', ['-nostdin', '-v', 'error', ...input, ...output], toPcm16(channels));
  return format.startsWith('wav') ? withWavSizes(encoded) : encoded;
}

/** ffmpeg cannot go back in a pipe and leaves 0xffffffff as the sizes of a WAV file; write the true ones. */
function withWavSizes(wav: Buffer): Buffer {
  const fixed = Buffer.from(wav);
  fixed.writeUInt32LE(fixed.length - 8, 4);
  const data = fixed.indexOf('data', 12, 'latin1');
  fixed.writeUInt32LE(fixed.length - data - 8, data + 4);
  return fixed;
}

function truthOf(scenario: Scenario, timeline: Timeline, audioPath: string, audio: Buffer): Truth {
  const { turns, durationMs, ...rest } = timeline;
  const { format, sampleRate, layout } = scenario.audio;
  const session = sessionSchema.parse({
    id: scenario.id,
    channel: 'call',
    language: scenario.language,
    agentId: scenario.agentId,
    customerId: scenario.customerId,
    team: scenario.team,
    queue: scenario.queue,
    startedAt: scenario.startedAt,
    attributes: scenario.attributes,
    recording: {
      path: audioPath,
      sha256: createHash('sha256').update(audio).digest('hex'),
      durationMs,
      container: { 'wav-pcm16': 'wav', 'wav-mulaw': 'wav', mp3: 'mp3', opus: 'ogg' }[format],
      codec: { 'wav-pcm16': 'pcm_s16le', 'wav-mulaw': 'pcm_mulaw', mp3: 'mp3', opus: 'opus' }[format],
      sampleRate,
      channels: layout === 'mono' ? 1 : 2,
      roles: channelRoles(layout),
    },
    transcript: { origin: 'given', recogniser: null, confidence: null, wordTimes: true, caveats: [] },
    turns,
  });
  const first = (speaker?: string) =>
    Math.min(...turns.filter((turn) => !speaker || turn.speaker === speaker).map((turn) => turn.startMs));
  return {
    schema: 'earwitness/truth/1',
    wordTimes: scenario.voices.agent.voice.startsWith('espeak') ? 'shared' : 'exact',
    zero: {
      recordingStart: 0,
      firstSpeech: first(),
      firstAgentWord: first('agent'),
      firstCustomerWord: first('customer'),
    },
    ...rest,
    session,
  };
}

/** The name of a scenario's recording. */
export function recordingName(scenario: Scenario): string {
  return `${scenario.id}.${extensionOf(scenario.audio.format)}`;
}

export const batchFolder = 'fixtures/batches/demo';

/**
 * Where a scenario's recording lies in the repository: with the other calls, or, when nothing but its name describes it,
 * in the batch folder itself, as files do that somebody dropped there.
 */
export function recordingPath(scenario: Scenario): string {
  return `${batchFolder}/${scenario.facts === 'filename' ? '' : 'calls/'}${recordingName(scenario)}`;
}

/** Writes a file, making its folder where needed. */
export async function writeOut(root: string, name: string, content: Buffer | string): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
