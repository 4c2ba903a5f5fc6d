import type { Candidate } from './entity-types.ts';
import type { Folded } from './fold.ts';

/** The most frequent surnames; compound ones first. */
const compound = '欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|长孙|宇文|司徒';
const single =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖施牛洪殷章季葛';
const surname = `(?:${compound}|[${single}])`;
const titled = new RegExp(`${surname}[\\u4e00-\\u9fff]{0,2}?(?:先生|女士|小姐|太太|老师|经理)`, 'g');
const introduced = new RegExp(
  `我(?:的名字)?(?:叫|是)(${surname}[\\u4e00-\\u9fff]{1,2}?)(?=[，。,.！!？?\\s、；;]|$|的|请|想|要|今)`,
  'g',
);
const family = new RegExp(`(?:我姓|免贵姓)(${surname})`, 'g');

/** Words that follow “my name is” and “this is” and are no names. */
const noNames = new Set(
  'the a an not my your our his her their on in at of for to it that this what how really very so just still about here there wrong different fine good great'.split(
    ' ',
  ),
);
const cue = /\b(?:my name is|my name's|i am called|you are speaking (?:with|to)|name is)\s+/g;
const weakCue = /\b(?:this is|i am|i'm|speaking with)\s+/g;
const honorific = /\b(?:mr|mrs|ms|miss|dr)\.?\s+/g;
const word = /^[\p{L}][\p{L}'-]{0,30}/u;
const capital = /^\p{Lu}/u;

/**
 * Names of people only where the text says that it is one: after “my name is”, 我叫, 我姓, a title (Mr, 先生), or
 * “this is” before capitals. Names in passing, nicknames and names of places are not looked for. Also street
 * addresses of the usual forms.
 */
export function nameCandidates(folded: Folded): Candidate[] {
  const { text } = folded;
  const found: Candidate[] = [];
  const push = (start: number, end: number, type: Candidate['type'] = 'person') => {
    if (end > start) found.push({ type, start, end, value: folded.quote(start, end) });
  };
  for (const one of text.matchAll(titled)) push(one.index, one.index + one[0].length);
  for (const pattern of [introduced, family])
    for (const one of text.matchAll(pattern)) {
      const end = one.index + one[0].length;
      push(end - one[1]!.length, end);
    }
  for (const one of text.matchAll(cue)) push(...namesAt(folded, one.index + one[0].length, false));
  for (const one of text.matchAll(weakCue)) push(...namesAt(folded, one.index + one[0].length, true));
  for (const one of text.matchAll(honorific)) {
    const [start, end] = namesAt(folded, one.index + one[0].length, true);
    if (end > start) push(one.index, end);
  }
  for (const one of text.matchAll(chineseAddress)) {
    // 寄到上海市…: what leads to the address is none of it.
    const lead = /^.{0,4}[到在住是寄于往至给]/.exec(one[0])?.[0].length ?? 0;
    push(one.index + lead, one.index + one[0].length, 'address');
  }
  for (const one of text.matchAll(englishAddress)) push(one.index, one.index + one[0].length, 'address');
  return found;
}

/**
 * Up to three names from a place on: capitals as far as they go; in text without capitals, after a sure cue, one word.
 */
function namesAt(folded: Folded, from: number, capitalsOnly: boolean): [number, number] {
  let at = from;
  let end = from;
  for (let count = 0; count < 3; count++) {
    const found = word.exec(folded.text.slice(at, at + 32))?.[0];
    if (found === undefined || noNames.has(found)) break;
    const written = folded.quote(at, at + found.length);
    if (!capital.test(written) && (capitalsOnly || count > 0)) break;
    end = at + found.length;
    if (!capital.test(written) || folded.text[end] !== ' ') break;
    at = end + 1;
  }
  return [from, end];
}

const chineseAddress =
  /(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}市)?(?:[\u4e00-\u9fff]{1,6}[区县])?[\u4e00-\u9fff]{1,8}(?:路|街|大道|巷|弄)[\d零〇一二三四五六七八九十百]{1,6}号(?:[\u4e00-\u9fff\d]{0,8}(?:楼|室|单元|栋))?/g;
const englishAddress =
  /\b\d{1,5} (?:[a-z'.]{1,20} ){1,4}?(?:street|st|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|court|square|terrace)\b(?:,? (?:apartment|apt|flat|suite|unit) ?[a-z0-9]{1,5}\b)?/g;
