import { splitSentences, tokenise } from '../text/index.ts';

export interface Clause {
  start: number;
  end: number;
  /** 0-based, within the turn. */
  sentence: number;
  /** The sentence asks; what it names is not asserted. */
  question: boolean;
}

/** Where one statement ends and the next begins within a sentence. */
const breaks =
  /[,，;；:：、—–](?=\D|$)|(?<=\D)[,，](?=\d)|\s-\s|\b(?:but|while|whereas|however|although|because|so that|so(?=\s+(?:you|your|we|it|i|they|he|she|that)\b))\b|\band\b(?=\s+(?:the|your|you|we|it|our|i|they|that|this|there|a|an|express|standard|return|shipping|delivery|refund)\b)|但是|不过|而且|然后|另外|可是|但(?!凡)|而(?![且已])/giu;

const englishQuestion =
  /^(?:(?:and|so|but|ok|okay|well|um|uh|right|sorry|hi|hello)[\s,]+)*(?:did|do|does|is|are|was|were|can|could|may|would|have|has|which|what|when|where|how|who|why|am i|you mean|so you mean|are you|did you)\b/iu;
const chineseQuestion =
  /(?:吗|么|呢|对吧|是吧|多久|多少天|哪天|(?<!(?:可能|大概|也就|估计|应该|再等|过).{0,3})几天)[\s。.!！~～]*$/u;
const mildTag =
  /[,，\s]+(?:ok|okay|alright|all right|is that ok(?:ay)?|does that help|does that make sense|can you see|好吗|好吧|可以吗|行吗|明白吗|您看可以吗|您看行吗|可以吧)\s*[?？。.!]*$/iu;

/** A question that asks for nothing but assent (“…, okay?”, …好吗？) leaves its sentence a statement. */
function isQuestion(sentence: string): boolean {
  const tag = mildTag.exec(sentence);
  if (tag && tag.index > 0) return isQuestion(sentence.slice(0, tag.index));
  if (/[?？]["'”’)）」』]*$/u.test(sentence)) return true;
  if (chineseQuestion.test(sentence)) return true;
  // Recognised speech has no question marks; verb-first word order has to do.
  return englishQuestion.test(sentence) && !/[.!。！]$/u.test(sentence) && tokenise(sentence).length <= 14;
}

/** Cuts a turn into clauses, in order: the pieces of its sentences between commas and conjunctions. */
export function splitClauses(text: string): Clause[] {
  const clauses: Clause[] = [];
  for (const [index, sentence] of splitSentences(text).entries()) {
    const question = isQuestion(sentence.text);
    let from = 0;
    const cut = (to: number) => {
      if (/[\p{L}\p{N}]/u.test(sentence.text.slice(from, to)))
        clauses.push({ start: sentence.start + from, end: sentence.start + to, sentence: index, question });
      from = to;
    };
    for (const found of sentence.text.matchAll(breaks)) if (found.index > from) cut(found.index);
    cut(sentence.text.length);
  }
  return clauses;
}
