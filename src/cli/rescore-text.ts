import { styleText } from 'node:util';
import type { Difference, Localised, PinCheck, Replay, Rescore, UiLanguage } from '../session/index.ts';
import { clip, colon, shown } from './terminal.ts';

const words = {
  identical: { en: 'identical', zh: '完全一致' },
  differs: { en: 'differs', zh: '不一致' },
  impossible: { en: 'cannot be judged again', zh: '无法重新评定' },
  session: { en: 'stored session', zh: '存储的会话' },
  result: { en: 'stored result', zh: '存储的结果' },
  transcript: { en: 'transcript', zh: '对话文本' },
  scorecard: { en: 'scorecard', zh: '评分卡' },
  file: { en: 'file', zh: '文件' },
  sentiment: { en: 'sentiment model', zh: '情绪模型' },
  engine: { en: 'engine', zh: '引擎' },
  recogniser: { en: 'recogniser', zh: '语音识别' },
  judge: { en: 'language model', zh: '语言模型' },
} satisfies Record<string, Localised>;

/** Differences printed of one result; --json holds more. */
const maxDifferences = 12;

/** One result judged again: what was compared, by which hashes, and what is not as it was. */
export function replayText(replay: Replay, language: UiLanguage, colour: boolean): string {
  const sign = { identical: '●', differs: '■', impossible: '◆' }[replay.status];
  const tint = { identical: 'green', differs: 'red', impossible: 'yellow' } as const;
  const state = `${sign} ${words[replay.status][language]}`;
  const card = replay.scorecard ? `${replay.scorecard.id} v${replay.scorecard.version}` : noCard[language];
  const head = `${colour ? styleText(tint[replay.status], state) : state}  ${clip(replay.id, 60)}  ${card}  ${replay.judgedAt}`;
  return [
    head,
    ...(replay.reason ? [`  ${replay.reason[language]}`] : []),
    ...comparedLines(replay, language),
    ...pinLines(replay.pins, language),
    ...differenceLines(replay, language),
    '',
  ].join('\n');
}

const noCard = { en: 'no scorecard', zh: '无评分卡' };

function comparedLines({ compared }: Replay, language: UiLanguage): string[] {
  if (compared === null) return [];
  const { items, quotes, sections, reasons, values, storedHash, replayedHash } = compared;
  const same = storedHash === replayedHash;
  const hashes = same ? `SHA-256 ${storedHash}` : `SHA-256 ${storedHash.slice(0, 16)}… → ${replayedHash.slice(0, 16)}…`;
  return language === 'zh'
    ? [
        `  共比对 ${values} 个值：${items} 个评分项、${quotes} 处引文、${sections} 个部分、${reasons} 条风险原因`,
        `  ${hashes}`,
      ]
    : [
        `  compared ${count(values, 'value')}: ${count(items, 'item')}, ${count(quotes, 'quote')}, ${count(sections, 'section')}, ${count(reasons, 'risk reason')}`,
        `  ${hashes}`,
      ];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Every pin in a line; the files of a scorecard together unless one of them is not as it was. */
function pinLines(pins: readonly PinCheck[], language: UiLanguage): string[] {
  const files = pins.filter(({ part }) => part === 'file');
  const sameFiles = files.filter(({ state }) => state === 'same').length;
  const lines = pins.filter((pin) => pin.part !== 'file' || pin.state !== 'same').map((pin) => pinLine(pin, language));
  const together =
    language === 'zh'
      ? `  ● ${sameFiles} 个文件与保存时的 SHA-256 一致`
      : `  ● ${count(sameFiles, 'file')} with the SHA-256 that ${sameFiles === 1 ? 'it was' : 'they were'} kept under`;
  return sameFiles === 0 ? lines : [...lines, together];
}

function pinLine({ part, name, state, stored, now }: PinCheck, language: UiLanguage): string {
  const label = `${words[part][language]} ${part === 'file' ? shown(name) : clip(name, 60)}`;
  const short = (hash: string | null) =>
    hash !== null && /^[0-9a-f]{64}$/.test(hash) ? `${hash.slice(0, 16)}…` : hash;
  const was = short(stored) ?? '–';
  const is = short(now) ?? '–';
  const zh = language === 'zh';
  switch (state) {
    case 'same':
      return `  ● ${label}${colon(language)}${was}`;
    case 'kept':
      return `  ○ ${label}${colon(language)}${zh ? '不再运行，文本取自存储' : 'not run again, its words are stored'}`;
    case 'missing':
      return `  ◆ ${label}${colon(language)}${zh ? `缺失（固定的哈希 ${was}）` : `missing (pinned ${was})`}`;
    case 'damaged':
      return stored === null
        ? `  ■ ${label}${colon(language)}${zh ? '内容已被改动，与其哈希不符' : 'changed since it was kept, it no longer has its hash'}`
        : `  ■ ${label}${colon(language)}${zh ? `内容已被改动（保存时 ${was}，现为 ${is}）` : `changed since it was kept (was ${was}, is ${is})`}`;
    case 'differs':
      return `  ■ ${label}${colon(language)}${zh ? `固定的是 ${was}，现为 ${is}` : `pinned ${was}, now ${is}`}`;
  }
}

function differenceLines({ differences, differing, compared }: Replay, language: UiLanguage): string[] {
  if (compared === null) return [];
  const zh = language === 'zh';
  if (differing === 0)
    return [zh ? '  所有判定、证据、得分与风险均相同。' : '  Every verdict, quote, score and risk is the same.'];
  const line = ({ path, stored, replayed }: Difference) => `    ${path}: ${clip(stored, 60)} → ${clip(replayed, 60)}`;
  // What a person asks first: verdicts and scores before the wording of what led to them.
  const order = [...differences].sort((a, b) => weight(a.path) - weight(b.path)).slice(0, maxDifferences);
  const rest = differing - order.length;
  return [
    zh ? `  ${differing} 个值不同：` : `  ${count(differing, 'value')} ${differing === 1 ? 'differs' : 'differ'}:`,
    ...order.map(line),
    ...(rest > 0 ? [zh ? `    …… 另有 ${rest} 个` : `    … and ${rest} more`] : []),
  ];
}

function weight(path: string): number {
  if (/^(score|passed|autoFails|provisional)|\.verdict$/.test(path)) return 0;
  if (/^risk\.(probability|band)/.test(path)) return 1;
  return /\.quote$/.test(path) ? 2 : 3;
}

/** The last line of --all. */
export function rescoreSummary({ identical, differs, impossible }: Rescore, language: UiLanguage): string {
  return language === 'zh'
    ? `${identical} 个完全一致，${differs} 个不一致，${impossible} 个无法重新评定\n`
    : `${identical} identical, ${differs} ${differs === 1 ? 'differs' : 'differ'}, ${impossible} cannot be judged again\n`;
}
