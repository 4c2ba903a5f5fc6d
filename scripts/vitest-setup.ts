import fc from 'fast-check';

/**
 * The same cases in every run, so that a change is what breaks a test and not the day. `EARWITNESS_SEED=random` looks
 * further, and a number repeats what it found.
 */
const asked = process.env['EARWITNESS_SEED'] ?? '20261122';
fc.configureGlobal({ seed: asked === 'random' ? Date.now() & 0x7fff_ffff : Number(asked) });
