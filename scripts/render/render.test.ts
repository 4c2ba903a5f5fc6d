import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gapsBetween, mergeSpans } from '../../src/session/index.ts';
import { alignWords, englishWords, type Phone, parsePhones } from './align.ts';
import { allFacts } from './facts.ts';
import { addAt, holdMusic, levelTo, lineNoise, ringTone, samplesOf, toPcm16 } from './pcm.ts';
import { batchFolder, produce, recordingPath, type Truth } from './produce.ts';
import { readScenario, type Scenario, scenarioSchema } from './scenario.ts';
import { chineseClauses } from './speak.ts';
import { layOut, type SpokenLine } from './timeline.ts';
import { plainWords, wordErrorRate } from './wer.ts';

function installed(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const script = (steps: unknown[], audio: Record<string, unknown> = {}): Scenario =>
  scenarioSchema.parse({
    id: 'test',
    shows: 'a test',
    language: 'en',
    agentId: 'a',
    customerId: 'c',
    team: 't',
    queue: 'orders',
    startedAt: '2026-03-02T09:00:00Z',
    facts: 'sidecar',
    audio: { format: 'wav-pcm16', sampleRate: 16000, layout: 'stereo', ...audio },
    voices: { agent: { voice: 'flite/kal16' }, customer: { voice: 'flite/kal16' } },
    steps,
  });
const line = (durationMs: number, count = 2): SpokenLine => ({
  durationMs,
  words: Array.from({ length: count }, (_, i) => ({
    text: `w${i}`,
    startMs: (durationMs * i) / count,
    endMs: (durationMs * (i + 1)) / count,
  })),
});

describe('words on phones', () => {
  test('phones are read with their own start and end', () => {
    expect(parsePhones('pau:0.195 th:0.242 \n')).toEqual([
      { phone: 'pau', startMs: 0, endMs: 195 },
      { phone: 'th', startMs: 195, endMs: 242 },
    ]);
    expect(() => parsePhones('th')).toThrow('no phone with an end time: "th"');
  });

  test('a reduced vowel and an inserted pause do not move a boundary', () => {
    const spoken = parsePhones('pau:0.1 dh:0.2 ax:0.3 pau:0.5 k:0.6 ae:0.7 t:0.8 pau:0.9');
    expect(
      alignWords(
        [
          ['dh', 'iy'],
          ['k', 'ae', 't'],
        ],
        spoken,
      ),
    ).toEqual([
      { startMs: 100, endMs: 300 },
      { startMs: 500, endMs: 800 },
    ]);
  });

  test('phones spoken just as in the lexicon are given back word by word', () => {
    const word = fc.array(fc.constantFrom('k', 'ae', 't', 'd', 'iy'), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const spoken: Phone[] = words.flat().map((phone, i) => ({ phone, startMs: i * 10, endMs: i * 10 + 10 }));
        let at = 0;
        const expected = words.map((phones) => ({ startMs: at * 10, endMs: (at += phones.length) * 10 }));
        expect(alignWords(words, spoken)).toEqual(expected);
      }),
    );
  });

  test('words of a line: apostrophes stay, punctuation goes; Chinese punctuation ends a clause', () => {
    expect(englishWords("Oh, that's it - “really”?")).toEqual(['Oh', "that's", 'it', 'really']);
    expect(chineseClauses('好的，退货需要14天。').map((clause) => clause.join(''))).toEqual(['好的', '退货需要14天']);
  });
});

describe('time line', () => {
  test('gap, overlap, hold music and ring tone stand where the script says', () => {
    const scenario = script(
      [
        { agent: 'x' },
        { customer: 'y', gap: '500ms' },
        { agent: 'z', overlap: '600ms' },
        { hold: '8s', sound: 'music' },
        { customer: 'q' },
      ],
      { ring: '2s', lead: '1s', tail: '300ms' },
    );
    const { turns, ...rest } = layOut(scenario, [line(1000), line(2000, 4), line(1000), line(500)]);
    expect(turns.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [3000, 4000],
      [4500, 6500],
      [5900, 6900],
      [14_900, 15_400],
    ]);
    expect(rest).toEqual({
      durationMs: 15_700,
      ring: { startMs: 0, endMs: 2000 },
      music: [{ startMs: 6900, endMs: 14_900 }],
      silences: [{ startMs: 6900, endMs: 14_900, hold: true, previousTurn: 3, nextTurn: 4 }],
      overlaps: [{ startMs: 5900, endMs: 6500, by: 'agent', turn: 3, overTurn: 2, words: 2 }],
    });
  });

  test('nobody speaks over himself', () => {
    const scenario = script([{ agent: 'x' }, { agent: 'y', overlap: '300ms' }]);
    expect(() => layOut(scenario, [line(1000), line(1000)])).toThrow('test: turn 2 speaks over its own speaker');
  });

  test('a turn with two speakers, an unknown key or a length without unit is refused', () => {
    for (const step of [{ agent: 'x', customer: 'y' }, { agent: 'x', pause: '1s' }, { hold: '3' }])
      expect(() => script([step])).toThrow();
  });
});

describe('sound', () => {
  test('speech is brought to its level, noise and tones to theirs', () => {
    const rms = (samples: Float32Array) =>
      10 * Math.log10(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    const tone = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 5) / 100);
    expect(rms(levelTo(tone, -23))).toBeCloseTo(-23, 1);
    expect(rms(lineNoise(2000, 1))).toBeCloseTo(-66, 0);
    expect(holdMusic(3200).length).toBe(samplesOf(3200));
    expect(
      ringTone(3000)
        .slice(samplesOf(2000))
        .every((value) => value === 0),
    ).toBe(true);
    expect(lineNoise(50, 7)).toEqual(lineNoise(50, 7));
    expect(lineNoise(50, 7)).not.toEqual(lineNoise(50, 8));
  });

  test('what does not fit is a mistake, what is too loud is clipped', () => {
    expect(() => addAt(new Float32Array(10), new Float32Array(11), 0)).toThrow('does not fit');
    expect(toPcm16([Float32Array.of(2, -0.5), Float32Array.of(0, 1)])).toEqual(
      Buffer.from([0xff, 0x7f, 0, 0, 0x01, 0xc0, 0xff, 0x7f]),
    );
  });

  test('word error rate counts each kind of error once', () => {
    const said = plainWords("It's a test, really: one two.");
    expect(wordErrorRate(said, plainWords("it's test really won two three"))).toBeCloseTo(3 / 6);
    expect([wordErrorRate([], []), wordErrorRate([], ['x'])]).toEqual([0, 1]);
  });
});

describe.skipIf(!['flite', 'festival', 'espeak-ng', 'ffmpeg'].every(installed))('rendering', () => {
  const voices = [
    ['flite/kal16', 'Good morning, this is Anna.', 'Good morning this is Anna'],
    ['festival/slt', "Hello, it's Kate from Acme.", "Hello it's Kate from Acme"],
    ['espeak/cmn-f', '您好，这里是客服。', '您好这里是客服'],
  ] as const;
  test.each(voices)('%s: same script, same bytes; words in order, inside their turn', async (voice, text, words) => {
    const scenario: Scenario = {
      ...script([{ agent: text }]),
      voices: { agent: { voice, stretch: 1, gainDb: 0 }, customer: { voice, stretch: 1, gainDb: 0 } },
    };
    const [first, second] = [await produce(scenario, 'x.wav'), await produce(scenario, 'x.wav')];
    expect(first.audio.equals(second.audio)).toBe(true);
    expect(first.truth).toEqual(second.truth);
    const [turn] = first.truth.session.turns;
    expect(turn!.words!.map((word) => word.text).join(voice.startsWith('espeak') ? '' : ' ')).toBe(words);
    expect(mergeSpans(turn!.words!, 1000)).toEqual([{ startMs: turn!.startMs, endMs: turn!.endMs }]);
    expect(first.audio.readUInt32LE(4)).toBe(first.audio.length - 8);
  });
});

describe('the committed demo calls', async () => {
  const scenarios = await Promise.all(
    (await readdir('fixtures/scenarios')).sort().map((name) => readScenario(join('fixtures/scenarios', name))),
  );
  const truths = await Promise.all(
    scenarios.map(async ({ id }) => JSON.parse(await readFile(`fixtures/truth/demo/${id}.json`, 'utf8')) as Truth),
  );

  test('the truth says the words of the scripts', () => {
    const words = scenarios.map(({ steps }) =>
      steps.flatMap((step) => ('hold' in step ? [] : [step.agent ?? step.customer])),
    );
    expect(truths.map(({ session }) => session.turns.map(({ text }) => text))).toEqual(words);
  });

  test('recordings and the facts beside them are those of the scripts, and the batch stays small', async () => {
    const folder = `${batchFolder}/calls`;
    const facts = allFacts(scenarios, truths);
    const recordings = truths.map(({ session }) => session.recording!.path);
    expect(recordings).toEqual(scenarios.map(recordingPath));
    const beside = recordings
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
    expect((await readdir(folder)).sort()).toEqual([...facts.keys(), ...beside].sort());
    for (const [name, content] of facts) expect(await readFile(join(folder, name), 'utf8')).toBe(content);
    const sizes = await Promise.all(recordings.map(async (path) => (await readFile(path)).length));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8_000_000);
  });

  test('silences and overlaps are the gaps and meetings of the turns', () => {
    for (const { session, silences, overlaps } of truths) {
      const spans = mergeSpans(session.turns.map(({ startMs, endMs }) => ({ startMs: startMs!, endMs: endMs! })));
      const gaps = gapsBetween(spans, spans[0]!.startMs, spans.at(-1)!.endMs).filter(
        ({ startMs, endMs }) => endMs - startMs >= 1000,
      );
      expect(silences.map(({ startMs, endMs }) => ({ startMs, endMs }))).toEqual(gaps);
      for (const { turn, overTurn, endMs } of overlaps)
        expect([session.turns[overTurn - 1]!.endMs! >= endMs, session.turns[turn - 1]!.endMs! >= endMs]).toEqual([
          true,
          true,
        ]);
    }
  });

  test('what the labels rest on is in the sound: late identity, two long overlaps, fifteen seconds of nothing', () => {
    const truth = (id: string) => truths.find(({ session }) => session.id === id)!;
    const late = truth('call-02-late-identity');
    expect((late.session.turns[3]!.startMs! - late.zero.firstSpeech) / 1000).toBeCloseTo(14, 0);
    for (const id of ['call-06-interrupting', 'zh-call-03-interrupting'])
      expect(
        truth(id).overlaps.filter(({ startMs, endMs, by }) => by === 'agent' && endMs - startMs >= 2000),
      ).toHaveLength(2);
    const [air] = truth('call-07-dead-air').silences;
    expect([air!.endMs - air!.startMs, air!.hold]).toEqual([15_400, false]);
  });
});
