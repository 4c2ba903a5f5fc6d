// npm start: builds the program where that was not done yet, and serves. What follows `npm start --` goes to the server.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url));

if (!existsSync(built)) {
  const { status } = spawnSync('npm', ['run', 'build', '--', '--log-level', 'error'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(2);
}
// In this process, so that Ctrl-C and SIGTERM reach the server itself.
process.argv.splice(2, 0, 'serve');
await import(pathToFileURL(built).href);
