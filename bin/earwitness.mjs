#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli.mjs', import.meta.url);
if (!existsSync(built)) {
  console.error('earwitness is not built yet: run `npm run build` in its folder.');
  process.exit(2);
}
await import(built.href);
