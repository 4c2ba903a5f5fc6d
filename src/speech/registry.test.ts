import { describe, expect, it } from 'vitest';
import { recogniserIds } from './recogniser.ts';
import { buildRegistry, registry } from './registry.ts';

describe('recogniser registry', () => {
  it('has one definition per name', () => {
    expect(Object.keys(registry).sort()).toEqual([...recogniserIds].sort());
  });

  it('refuses to start with a gap, a double or a stranger', () => {
    const { sherpa, given } = registry;
    expect(() => buildRegistry(['sherpa', 'given'], [sherpa, sherpa])).toThrow(
      'Recogniser registry: "sherpa" is registered twice; "given" has no definition.',
    );
    expect(() => buildRegistry(['sherpa'], [sherpa, given])).toThrow('"given" is not in the list of recognisers');
  });
});
