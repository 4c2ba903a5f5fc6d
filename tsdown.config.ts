import { defineConfig } from 'tsdown';

// Two programs are built, the command line and the inference child that it starts, and the door for other projects' tests. The benchmarks are
// built the same way, into a folder of their own, because what is shipped is what should be measured.
const bench = process.env.EARWITNESS_BENCH === '1';

export default defineConfig({
  entry: {
    ...(bench ? { bench: 'scripts/bench.ts' } : { cli: 'src/cli/main.ts', testing: 'src/regression/tester.ts' }),
    'inference-child': 'src/speech/child.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outDir: bench ? 'dist-bench' : 'dist',
  // Only what others import from needs types.
  dts: bench ? false : { entry: 'src/regression/tester.ts' },
  sourcemap: true,
  clean: true,
});
