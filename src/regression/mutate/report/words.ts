import type { UiLanguage } from '../../../session/index.ts';
import type { MutantKind } from '../mutant.ts';
import type { Survivor, Tally } from './model.ts';

/** What the reports say, in both languages. */
export function reportWords(language: UiLanguage) {
  return language === 'zh' ? chinese : english;
}

const rate = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} %`);
const of = ({ killed, survived }: Tally) => killed + survived;

const english = {
  rate,
  title: 'Mutation testing',
  headline: (one: Tally) =>
    `${one.killed} of ${of(one)} mutants noticed (${rate(one.killRate)})${one.invalid > 0 ? `, ${one.invalid} invalid and not counted` : ''}`,
  kind: 'kind',
  item: 'item',
  killed: 'noticed',
  survived: 'survived',
  share: 'share',
  kinds: 'By kind',
  items: 'By item',
  survivors: 'Survivors',
  kindNames: {
    threshold: 'threshold',
    comparison: 'comparison',
    words: 'words',
    scope: 'scope',
    logic: 'logic',
    option: 'option',
    channel: 'channel',
    boundary: 'boundary',
    scoring: 'scoring',
  } satisfies Record<MutantKind, string>,
  failing: 'This case fails on the scorecard as it stands and can notice nothing:',
  why: ({ watched, looked, sketch, items }: Survivor) => {
    if (!watched) return `No case states anything of ${items.join(', ')}.`;
    return sketch || !looked
      ? ''
      : 'No session was found that tells it from the original: it may say the same in other words.';
  },
  existing: (name: string, place: string, item: string, verdict: string) =>
    `The case “${name}” (${place}) tells them apart already: state ${item}: ${verdict} there. Or in short:`,
  sketched: 'This fixture would notice it (run on both):',
  drawn: (tried: number, all: number) => `${tried} of ${all} mutants were drawn by the seed.`,
  speed: (n: number, ms: number) => `${n} mutants in ${(ms / 1000).toFixed(1)} s`,
  below: (wanted: number, found: number | null) => `The share of ${rate(found)} is below the ${wanted} % asked for.`,
};

const chinese: typeof english = {
  rate,
  title: '变异测试',
  headline: (one: Tally) =>
    `${of(one)} 个变异体中有 ${one.killed} 个被发现（${rate(one.killRate)}）${one.invalid > 0 ? `，另有 ${one.invalid} 个无效，不计入` : ''}`,
  kind: '类别',
  item: '评分项',
  killed: '已发现',
  survived: '未发现',
  share: '比例',
  kinds: '按类别',
  items: '按评分项',
  survivors: '未被发现的变异体',
  kindNames: {
    threshold: '阈值',
    comparison: '比较方向',
    words: '话术',
    scope: '范围',
    logic: '逻辑',
    option: '选项',
    channel: '渠道',
    boundary: '边界',
    scoring: '计分',
  },
  failing: '以下用例在原评分卡上就不通过，无法用来发现变异：',
  why: ({ watched, looked, sketch, items }: Survivor) => {
    if (!watched) return `没有任何用例对 ${items.join('、')} 提出期望。`;
    return sketch || !looked ? '' : '没有找到能区分两者的会话：它可能只是换了一种写法。';
  },
  existing: (name: string, place: string, item: string, verdict: string) =>
    `用例“${name}”（${place}）已能区分两者：在其中写明 ${item}: ${verdict} 即可。也可使用精简的用例：`,
  sketched: '以下用例能发现它（已在两者上实际运行）：',
  drawn: (tried: number, all: number) => `按种子从 ${all} 个变异体中抽取了 ${tried} 个。`,
  speed: (n: number, ms: number) => `${n} 个变异体，用时 ${(ms / 1000).toFixed(1)} 秒`,
  below: (wanted: number, found: number | null) => `比例 ${rate(found)} 低于要求的 ${wanted} %。`,
};
