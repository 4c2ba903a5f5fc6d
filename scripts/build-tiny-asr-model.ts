/**
 * Writes a speech model of a few kilobytes with the real inputs, outputs and metadata of a published architecture, so
 * that tests run the real sherpa-onnx without any download. It "recognises" pure tones: each token listens to the mel
 * bins around one frequency. Usage: node --import tsx scripts/build-tiny-asr-model.ts ARCHITECTURE FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type TinyArchitecture = 'zipformerCtc' | 'nemoCtc' | 'senseVoice';

/** A token of the tiny model; `hz` null for tokens that no sound calls up. */
export interface ToneToken {
  text: string;
  hz: number | null;
}

/** Token 0 is the CTC blank. `▁` opens a word, as in the published vocabularies. */
export const tinyTokens: readonly ToneToken[] = [
  { text: '<blk>', hz: null },
  { text: '▁hel', hz: 400 },
  { text: 'lo', hz: 900 },
  { text: '▁there', hz: 1700 },
  { text: '您', hz: 2800 },
  { text: '好', hz: 4200 },
  { text: '<|en|>', hz: null },
  { text: '<|NEUTRAL|>', hz: null },
  { text: '<|Speech|>', hz: null },
  { text: '<|withitn|>', hz: null },
];

/**
 * Builds `model.onnx` and `tokens.txt` in a folder (made where it is missing).
 * @param blank score of "nothing was said"; a high one makes a model that hears sound and finds no word in it
 */
export function buildTinyAsrModel(
  architecture: TinyArchitecture,
  folder: string,
  blank?: number,
): { model: string; tokens: string } {
  mkdirSync(folder, { recursive: true });
  const paths = { model: join(folder, 'model.onnx'), tokens: join(folder, 'tokens.txt') };
  writeFileSync(paths.model, graphs[architecture](blank));
  writeFileSync(paths.tokens, tinyTokens.map((token, id) => `${token.text} ${id}\n`).join(''));
  return paths;
}

const bins = 80;
const vocabulary = tinyTokens.length;

/**
 * Log-mel energies → scores, as a matrix [rows, vocabulary] and a bias: a token's score is the mean over the three
 * bins nearest to its tone. The blank's score is a constant between that of sound and that of digital silence (−15.9).
 */
function classifier(scale: Scale & { blank: number }, rows = bins, offset = 0) {
  const weights = new Float32Array(rows * vocabulary);
  const bias = new Float32Array(vocabulary).fill(-100);
  bias[0] = scale.blank;
  const { mel } = scale;
  const step = (mel(scale.highHz) - mel(scale.lowHz)) / (bins + 1);
  for (const [id, { hz }] of tinyTokens.entries()) {
    if (hz === null) continue;
    bias[id] = 0;
    const nearest = Math.round((mel(hz) - mel(scale.lowHz)) / step) - 1;
    for (let bin = nearest - 1; bin <= nearest + 1; bin++) weights[(offset + bin) * vocabulary + id] = 1 / 3;
  }
  return { weights, bias };
}

interface Scale {
  lowHz: number;
  highHz: number;
  mel: (hz: number) => number;
}

const htk = (hz: number) => 1127 * Math.log(1 + hz / 700);
/** Slaney's scale, linear below 1 kHz; NeMo's features use it, with filters of unit area. */
const slaney = (hz: number) => (hz < 1000 ? (3 * hz) / 200 : 15 + (27 * Math.log(hz / 1000)) / Math.log(6.4));

const graphs: Record<TinyArchitecture, (blank?: number) => Uint8Array> = {
  // icefall's export-onnx-ctc: x [N, T, 80], x_lens → log_probs [N, T/4, V], log_probs_len; sherpa assumes a factor of 4.
  zipformerCtc(blank = -8) {
    const { weights, bias } = classifier({ lowHz: 20, highHz: 7_600, mel: htk, blank });
    return model({
      metadata: { model_type: 'zipformer2_ctc', version: '1' },
      inputs: [valueInfo('x', float, ['N', 'T', bins]), valueInfo('x_lens', int64, ['N'])],
      outputs: [valueInfo('log_probs', float, ['N', 'U', vocabulary]), valueInfo('log_probs_len', int64, ['N'])],
      constants: [...sliceConstants(4), ...classifierConstants(weights, bias), ints('three', [3]), ints('four', [4])],
      nodes: [
        node('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], ['frames']),
        ...scoreNodes('frames', 'log_probs'),
        node('Add', ['x_lens', 'three'], ['rounded']),
        node('Div', ['rounded', 'four'], ['log_probs_len']),
      ],
    });
  },
  // NeMo's CTC export with sherpa's metadata: audio_signal [N, 80, T], length → logprobs [N, T/4, V].
  nemoCtc(blank = -9) {
    const { weights, bias } = classifier({ lowHz: 0, highHz: 8_000, mel: slaney, blank });
    return model({
      metadata: {
        vocab_size: String(vocabulary - 1),
        subsampling_factor: '4',
        normalize_type: 'NA',
        model_type: 'EncDecCTCModel',
      },
      inputs: [valueInfo('audio_signal', float, ['N', bins, 'T']), valueInfo('length', int64, ['N'])],
      outputs: [valueInfo('logprobs', float, ['N', 'U', vocabulary])],
      constants: [...sliceConstants(4), ...classifierConstants(weights, bias), ints('none', [0])],
      nodes: [
        node('Transpose', ['audio_signal'], ['x'], [intsAttribute('perm', [0, 2, 1])]),
        node('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], ['frames']),
        ...scoreNodes('frames', 'logprobs'),
      ],
    });
  },
  // SenseVoice: x [N, T, 7·80] (stacked frames), lengths, language, text_norm → logits [N, 4 + T, V]. The first four
  // positions are language, emotion, event and normalisation.
  senseVoice(blank = 12) {
    const stacked = 7 * bins;
    const { weights, bias } = classifier({ lowHz: 20, highHz: 8_000, mel: htk, blank }, stacked, 3 * bins);
    const head = new Float32Array(4 * vocabulary);
    for (let i = 0; i < 4; i++) head[i * vocabulary + 6 + i] = 100;
    const list = (value: string) => Array<string>(stacked).fill(value).join(',');
    return model({
      metadata: {
        vocab_size: String(vocabulary),
        blank_id: '0',
        lfr_window_size: '7',
        lfr_window_shift: '6',
        normalize_samples: '0',
        with_itn: '14',
        without_itn: '15',
        lang_auto: '0',
        lang_zh: '3',
        lang_en: '4',
        lang_yue: '7',
        lang_ja: '11',
        lang_ko: '12',
        neg_mean: list('0'),
        inv_stddev: list('1'),
        model_type: 'sense_voice_ctc',
        comment: 'tiny tone model',
      },
      inputs: [
        valueInfo('x', float, ['N', 'T', stacked]),
        ...['x_length', 'language', 'text_norm'].map((name) => valueInfo(name, int32, ['N'])),
      ],
      outputs: [valueInfo('logits', float, ['N', 'U', vocabulary])],
      constants: [...classifierConstants(weights, bias), tensor('head', float, [1, 4, vocabulary], bytesOf(head))],
      nodes: [...scoreNodes('x', 'scores'), node('Concat', ['head', 'scores'], ['logits'], [intAttribute('axis', 1)])],
    });
  },
};

function sliceConstants(step: number): Uint8Array[] {
  return [ints('starts', [0]), ints('ends', [2 ** 31]), ints('axes', [1]), ints('steps', [step])];
}

function classifierConstants(weights: Float32Array, bias: Float32Array): Uint8Array[] {
  return [
    tensor('weights', float, [weights.length / vocabulary, vocabulary], bytesOf(weights)),
    tensor('bias', float, [vocabulary], bytesOf(bias)),
  ];
}

function scoreNodes(from: string, to: string): Uint8Array[] {
  return [
    node('MatMul', [from, 'weights'], ['sums']),
    node('Add', ['sums', 'bias'], ['raw']),
    node('LogSoftmax', ['raw'], [to], [intAttribute('axis', -1)]),
  ];
}

// --- ONNX as protobuf (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), field numbers written out ---

const [float, int32, int64] = [1, 6, 7];

function model(graph: {
  metadata: Record<string, string>;
  inputs: Uint8Array[];
  outputs: Uint8Array[];
  constants: Uint8Array[];
  nodes: Uint8Array[];
}): Uint8Array {
  const body = concat([
    ...graph.nodes.map((bytes) => field(1, bytes)),
    field(2, text('tiny')),
    ...graph.constants.map((bytes) => field(5, bytes)),
    ...graph.inputs.map((bytes) => field(11, bytes)),
    ...graph.outputs.map((bytes) => field(12, bytes)),
  ]);
  return concat([
    number(1, 8),
    field(2, text('earwitness')),
    field(7, body),
    field(8, concat([field(1, text('')), number(2, 17)])),
    ...Object.entries(graph.metadata).map(([key, value]) =>
      field(14, concat([field(1, text(key)), field(2, text(value))])),
    ),
  ]);
}

function node(op: string, inputs: string[], outputs: string[], attributes: Uint8Array[] = []): Uint8Array {
  return concat([
    ...inputs.map((name) => field(1, text(name))),
    ...outputs.map((name) => field(2, text(name))),
    field(4, text(op)),
    ...attributes.map((bytes) => field(5, bytes)),
  ]);
}

const intAttribute = (name: string, value: number) => concat([field(1, text(name)), number(3, value), number(20, 2)]);

const intsAttribute = (name: string, values: number[]) =>
  concat([field(1, text(name)), ...values.map((value) => number(8, value)), number(20, 7)]);

function tensor(name: string, type: number, dims: number[], raw: Uint8Array): Uint8Array {
  return concat([...dims.map((dim) => number(1, dim)), number(2, type), field(8, text(name)), field(9, raw)]);
}

const ints = (name: string, values: number[]) =>
  tensor(name, int64, [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));

function valueInfo(name: string, type: number, dims: (string | number)[]): Uint8Array {
  const shape = dims.map((dim) => field(1, typeof dim === 'number' ? number(1, dim) : field(2, text(dim))));
  return concat([field(1, text(name)), field(2, field(1, concat([number(1, type), field(2, concat(shape))])))]);
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const text = (value: string) => new TextEncoder().encode(value);
const field = (id: number, bytes: Uint8Array) => concat([varint((id << 3) | 2), varint(bytes.length), bytes]);
const number = (id: number, value: number) => concat([varint(id << 3), varint(value)]);

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function concat(parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

if (process.argv[1]?.endsWith('build-tiny-asr-model.ts')) {
  const [architecture = '', folder] = process.argv.slice(2);
  if (!(architecture in graphs) || !folder) {
    console.error(`Usage: build-tiny-asr-model.ts ${Object.keys(graphs).join('|')} FOLDER`);
    process.exit(2);
  }
  console.log(buildTinyAsrModel(architecture as TinyArchitecture, folder));
}
