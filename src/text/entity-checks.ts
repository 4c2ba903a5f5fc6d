/** Luhn's check of card numbers (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
  }
  return digits.length > 0 && sum % 10 === 0;
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A resident identity number of the People's Republic: a day that exists and the check character of GB 11643-1999. */
export function isChineseId(id: string): boolean {
  if (!/^[1-9]\d{16}[\dx]$/.test(id)) return false;
  if (!isDay(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14)))) return false;
  const sum = weights.reduce((total, weight, i) => total + weight * Number(id[i]), 0);
  return id[17] === '10x98765432'[sum % 11];
}

/** A Hong Kong identity card number: letters count A = 10 … Z = 35, a single letter is preceded by 36. */
export function isHongKongId(letters: string, digits: string, check: string): boolean {
  const values = [...letters].map((letter) => letter.charCodeAt(0) - 87);
  const signs = [...(values.length === 1 ? [36, ...values] : values), ...[...digits].map(Number)];
  const sum = signs.reduce((total, sign, i) => total + sign * (9 - i), 0);
  return (sum + (check === 'a' ? 10 : Number(check))) % 11 === 0;
}

/** Whether the day is in the calendar, of the years that people and orders are from. */
export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
