import { defineConfig } from 'tsdown';

// Two programs are built: the command line and the inference child that it starts.
export default defineConfig({
  entry: { cli: 'src/cli/main.ts', 'inference-child': 'src/speech/child.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outDir: 'dist',
  dts: false,
  sourcemap: true,
  clean: true,
});
