/** Scripts written without spaces between words: every character stands for itself when phrases are matched. */
const unspaced =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}々〆〇]/u;
const han = /[\p{sc=Han}〇]/u;
const wordCharacter = /[\p{L}\p{N}\p{M}]/u;

/** True for a code point of a script without spaces between words (Chinese, Japanese, Korean, Thai …). */
export function isCjk(codePoint: number): boolean {
  if (codePoint < 0x0e00) return false;
  if (codePoint >= 0x4e00 && codePoint <= 0x9fff) return true;
  return unspaced.test(String.fromCodePoint(codePoint));
}

/** True for a Chinese character. */
export function isHan(codePoint: number): boolean {
  if (codePoint < 0x2e80) return false;
  if (codePoint >= 0x4e00 && codePoint <= 0x9fff) return true;
  return han.test(String.fromCodePoint(codePoint));
}

/** True for letters, digits and combining marks of any script. */
export function isWordCharacter(codePoint: number): boolean {
  if (codePoint < 0x80)
    return (
      (codePoint >= 0x61 && codePoint <= 0x7a) ||
      (codePoint >= 0x30 && codePoint <= 0x39) ||
      (codePoint >= 0x41 && codePoint <= 0x5a)
    );
  return wordCharacter.test(String.fromCodePoint(codePoint));
}
