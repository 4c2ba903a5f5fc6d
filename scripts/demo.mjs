// npm run demo: sets up what is missing, inspects the sample batch and says where the report lies.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeMissing, setUp } from './setup.mjs';

const missing = setUp('demo');
if (missing.length > 0) console.error(describeMissing(missing));

const root = fileURLToPath(new URL('..', import.meta.url));
const args = [
  'bin/earwitness.mjs',
  'inspect',
  'fixtures/batches/demo',
  '--out',
  'demo-report',
  '--title',
  'Earwitness demo',
  ...process.argv.slice(2),
];
const run = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(run.status ?? 2);
