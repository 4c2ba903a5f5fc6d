import { defineConfig } from 'tsdown';

// The command line is built, the children that it and the server start, and the door for other projects' tests. The benchmarks are
// built the same way, into a folder of their own, because what is shipped is what should be measured.
const bench = process.env.EARWITNESS_BENCH === '1';

const common = {
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outDir: bench ? 'dist-bench' : 'dist',
  sourcemap: true,
} as const;

// Built each by itself: a part that they shared with the program would bring all of the program into their memory.
const children = {
  'worker-child': 'src/worker/child.ts',
  'ingest-child': 'src/server/work/ingest-child.ts',
  'live-child': 'src/server/live/child.ts',
  'shipped-child': 'src/server/work/shipped-child.ts',
};

export default defineConfig([
  {
    ...common,
    entry: {
      ...(bench
        ? { bench: 'scripts/bench.ts' }
        : { cli: 'src/cli/main.ts', testing: 'src/regression/tester.ts', client: 'src/server/client.ts' }),
      'inference-child': 'src/speech/child.ts',
    },
    // Only what others import from needs types.
    dts: bench ? false : { entry: ['src/regression/tester.ts', 'src/server/client.ts'] },
    clean: true,
  },
  ...Object.entries(bench ? {} : children).map(([name, entry]) => ({
    ...common,
    entry: { [name]: entry },
    dts: false,
    clean: false,
  })),
]);
