import { describe, expect, it } from 'vitest';
import { keptBelow, keptPart } from './page.ts';

describe('what is kept of an earlier page', () => {
  it('is everything from the mark on, without trailing blanks', () => {
    expect(keptPart(`# Page\n\nfigures\n\n${keptBelow}\n\n## By hand\n\ntext\n\n`)).toBe(
      `${keptBelow}\n\n## By hand\n\ntext`,
    );
  });

  it('is nothing where there is no mark', () => {
    expect(keptPart('# Page\n\n## By hand\n')).toBe('');
  });
});
