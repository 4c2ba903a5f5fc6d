import { type Band, type Evidence, formatClock, type Localised, type Verdict } from '../../session/index.ts';

/** A sentence in both languages. */
export const both = (en: string, zh: string): Localised => ({ en, zh });
export const same = (text: string): Localised => ({ en: text, zh: text });

export const verdictWords: Record<Verdict, Localised> = {
  pass: both('pass', '通过'),
  fail: both('fail', '不通过'),
  unknown: both('unknown', '无法判断'),
  na: both('n/a', '不适用'),
};

export const bandWords: Record<Band, Localised> = {
  low: both('low', '低'),
  medium: both('medium', '中'),
  high: both('high', '高'),
  critical: both('critical', '极高'),
};

export const yesNo = (value: boolean | null): Localised =>
  value === null ? both('not known', '无法得出') : value ? both('yes', '是') : both('no', '否');

/** A score as people read it. */
export function figure(value: number | null): Localised {
  return value === null ? both('no score', '无得分') : same(String(Number(value.toFixed(2))));
}

/** `turn 3, 00:09.0: “so sorry” – said at 12.4 s, limit 10 s` */
export function evidenceWords({ turn, startMs, quote, note }: Evidence): Localised {
  const in_ = (language: 'en' | 'zh') => {
    const at = [
      ...(turn === null ? [] : [language === 'en' ? `turn ${turn}` : `第 ${turn} 轮`]),
      ...(startMs === null ? [] : [formatClock(startMs)]),
    ].join(language === 'en' ? ', ' : ' ');
    const line = quote.replace(/\s+/g, ' ').trim();
    const words = line === '' ? '' : `“${line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-24)}` : line}”`;
    const head = [at, words].filter((part) => part !== '').join(language === 'en' ? ': ' : '：');
    const tail = note?.[language] ?? '';
    return [head, tail].filter((part) => part !== '').join(' – ');
  };
  return both(in_('en'), in_('zh'));
}
