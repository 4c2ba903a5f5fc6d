const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

/** A type of zod's in words for people who write YAML. */
export function typeName(expected: string): string {
  return typeNames[expected] ?? expected;
}

/** A value as it is named in messages: in quotes and cut short, or by what it is. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of keys';
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : JSON.stringify(value);
  return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;
}

export const lowerFirst = (message: string) => message.charAt(0).toLowerCase() + message.slice(1);
