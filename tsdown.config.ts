import { defineConfig } from 'tsdown';

// The command line is built, the children that it and the server start, and the door for other projects' tests. The benchmarks are
// built the same way, into a folder of their own, because what is shipped is what should be measured.
const bench = process.env.EARWITNESS_BENCH === '1';

export default defineConfig({
  entry: {
    ...(bench
      ? { bench: 'scripts/bench.ts' }
      : { cli: 'src/cli/main.ts', testing: 'src/regression/tester.ts', client: 'src/server/client.ts' }),
    'inference-child': 'src/speech/child.ts',
    ...(bench
      ? {}
      : {
          'worker-child': 'src/worker/child.ts',
          'ingest-child': 'src/server/work/ingest-child.ts',
          'live-child': 'src/server/live/child.ts',
          'shipped-child': 'src/server/work/shipped-child.ts',
        }),
  },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outDir: bench ? 'dist-bench' : 'dist',
  // Only what others import from needs types.
  dts: bench ? false : { entry: ['src/regression/tester.ts', 'src/server/client.ts'] },
  sourcemap: true,
  clean: true,
});
