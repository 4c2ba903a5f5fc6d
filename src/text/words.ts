/** Contractions, whole words. Apostrophes may be missing in chats and in recognised speech. */
const contractions: Record<string, readonly string[]> = {
  "can't": ['can', 'not'],
  cant: ['can', 'not'],
  cannot: ['can', 'not'],
  "won't": ['will', 'not'],
  "shan't": ['shall', 'not'],
  "ain't": ['is', 'not'],
  aint: ['is', 'not'],
  "let's": ['let', 'us'],
  im: ['i', 'am'],
  ive: ['i', 'have'],
  youre: ['you', 'are'],
  youve: ['you', 'have'],
  youll: ['you', 'will'],
  theyre: ['they', 'are'],
  theyve: ['they', 'have'],
  weve: ['we', 'have'],
  thats: ['that', 'is'],
  whats: ['what', 'is'],
  heres: ['here', 'is'],
  theres: ['there', 'is'],
  gonna: ['going', 'to'],
  wanna: ['want', 'to'],
  gotta: ['got', 'to'],
  lemme: ['let', 'me'],
  gimme: ['give', 'me'],
  dunno: ['do', 'not', 'know'],
};
for (const verb of 'do does did is are was were have has had could would should must need'.split(' '))
  contractions[`${verb}nt`] = [verb, 'not'];

const endings: Record<string, string> = {
  "'m": 'am',
  "'re": 'are',
  "'ve": 'have',
  "'ll": 'will',
  "'d": 'would',
};
/** `'s` is a verb after these and a genitive after anything else. */
const beforeIs = new Set('i he she it that this there here what who where when how why everything everyone'.split(' '));

const spellings: Record<string, string> = { okay: 'ok', thankyou: 'thank-you' };

const expansions = new Map<string, readonly string[]>([
  ...Object.entries(contractions),
  ...Object.entries(spellings).map(([word, spelling]): [string, string[]] => [word, [spelling]]),
]);

/** Written words without an apostrophe that stand for others. */
export const shortForms: readonly string[] = [...expansions.keys()].filter((word) => !word.includes("'"));

/** The words that a written word stands for: “don't” → do, not; “it's” → it, is; “okay” → ok. */
export function expandWord(word: string): readonly string[] {
  const short = expansions.get(word);
  if (short) return short;
  const mark = word.lastIndexOf("'");
  if (mark > 0) {
    const stem = word.slice(0, mark);
    const ending = word.slice(mark);
    if (word.endsWith("n't") && word.length > 4) return [word.slice(0, -3), 'not'];
    if (Object.hasOwn(endings, ending)) return [stem, endings[ending]!];
    if (ending === "'s") return beforeIs.has(stem) ? [stem, 'is'] : [`${stem}'s`];
    if (ending === "'") return [stem];
  }
  return [word];
}

/** Hesitations that never carry a rule's meaning; skipped between the words of a phrase, never demanded. */
export const fillers: readonly string[] = [
  ...'um umm uh uhh uhm er err erm hmm hm mm mmm ah eh'.split(' '),
  'you know',
  'i mean',
  ...'嗯 呃 额 啊 哦 噢 喔 诶 欸 唉 呀 哈 呢 那个 这个 就是说 就是'.split(' '),
];
