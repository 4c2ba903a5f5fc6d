import { RE2JS } from 're2js';
import { EarwitnessError } from '../session/index.ts';
import { fold, foldText, type Folded } from './fold.ts';
import { requiredLiterals } from './regex-literals.ts';
import type { TextSpan } from './types.ts';

export interface RegexOptions {
  /** `i` ignore case, `m` ^ and $ at lines, `s` dot matches line ends. Folded text ignores case anyway. */
  flags?: string;
  /** Search the folded text (default) or the text as it stands. Offsets are the original's either way. */
  on?: 'folded' | 'original';
  /** The file (with `:line:column`) that the pattern stands in, for the error. */
  path?: string;
}

export interface RegexHit extends TextSpan {
  /** Exactly `text.slice(start, end)`. */
  quote: string;
}

export interface TextRegex {
  /** All non-empty matches in order, not overlapping. */
  find(text: string): RegexHit[];
}

const maxLength = 2000;
const flagBits: Record<string, number> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };

/**
 * Compiles a regular expression for RE2's linear-time engine: no text can make it hang. Look-around and back
 * references do not exist there.
 * @throws EarwitnessError `scorecard-invalid` naming what is not understood.
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): TextRegex {
  const path = options.path ?? '';
  const folded = options.on !== 'original';
  const flags = options.flags ?? '';
  let bits = folded ? RE2JS.CASE_INSENSITIVE : 0;
  for (const flag of flags) {
    const bit = Object.hasOwn(flagBits, flag) ? flagBits[flag]! : null;
    if (bit === null)
      throw new EarwitnessError(
        'scorecard-invalid',
        path,
        `Unknown flag “${flag}”.`,
        'Use i, m or s, for example flags: i.',
      );
    bits |= bit;
  }
  if (pattern.length > maxLength)
    throw new EarwitnessError(
      'scorecard-invalid',
      path,
      `The pattern has ${pattern.length} characters; at most ${maxLength} are allowed.`,
      'Split it into several patterns.',
    );
  const source = folded ? foldPattern(pattern) : pattern;
  const engine = compile(source, bits, pattern, path);
  const needed = (bits & RE2JS.CASE_INSENSITIVE) !== 0 && !folded ? null : requiredLiterals(source);
  const literals = folded ? needed?.map(foldText) : needed;
  return {
    find(text) {
      const view = folded ? foldKept(text) : null;
      const target = view?.text ?? text;
      if (literals && !literals.some((literal) => target.includes(literal))) return [];
      const matcher = engine.matcher(target);
      const hits: RegexHit[] = [];
      while (matcher.find()) {
        if (matcher.end() === matcher.start()) continue;
        const { start, end } = view?.span(matcher.start(), matcher.end()) ?? {
          start: matcher.start(),
          end: matcher.end(),
        };
        hits.push({ start, end, quote: text.slice(start, end) });
      }
      return hits;
    },
  };
}

const kept = new Map<string, Folded>();
let keptCharacters = 0;
const mostKept = 200_000;

/** Every pattern of a scorecard looks at the same turns: they are folded once. */
function foldKept(text: string): Folded {
  let folded = kept.get(text);
  if (!folded) {
    folded = fold(text, { joinCjk: true });
    if (keptCharacters + text.length > mostKept) {
      kept.clear();
      keptCharacters = 0;
    }
    kept.set(text, folded);
    keptCharacters += text.length;
  }
  return folded;
}

/** Brings the pattern's own characters into the folded form; ASCII, and with it all syntax, stays as it is. */
function foldPattern(pattern: string): string {
  let result = '';
  for (const character of pattern) {
    if (character < '\u0080') result += character;
    else {
      const form = foldText(character);
      result += form === character ? character : form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    }
  }
  return result;
}

function compile(source: string, bits: number, pattern: string, path: string): RE2JS {
  try {
    return RE2JS.compile(source, bits);
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw new EarwitnessError(
      'scorecard-invalid',
      path,
      `The pattern /${pattern}/ is not valid: ${detail}.`,
      hint(pattern),
      {
        cause: error,
      },
    );
  }
}

function hint(pattern: string): string {
  if (/\(\?<?[=!]/.test(pattern))
    return 'Look-ahead and look-behind are not available; write what must not match into `except`.';
  if (/\\[1-9]/.test(pattern)) return 'Back references are not available; list the alternatives instead.';
  return 'Use RE2 syntax, for example \\b(my name is|this is) \\w+ — and escape ( ) [ ] { } . + * ? | when meant literally.';
}
