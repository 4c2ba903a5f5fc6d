import type { RecogniserDefinition } from '../recogniser.ts';

/** The transcript that was delivered with the recording: nothing is recognised, the sound is read for facts only. */
export const given: RecogniserDefinition = {
  id: 'given',
  languages: 'catalogue',
  offline: true,
  batch: { segments: 1, ms: 0 },
  caveats: [],
  async check() {
    return { available: true, name: 'given transcript', version: '1', licence: null };
  },
  async modelHash() {
    return null;
  },
  open: null,
};
