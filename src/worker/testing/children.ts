import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A child that keeps to the protocol and does what the id of each session says: `good` is handed in, `dies` ends the process,
 * `hangs` says nothing more, `later` asks for another try, `never` fails for good.
 */
const program = `
const send = (message) => process.send(message);
let asked = 0;
let answered = () => {};
const submit = (work) => new Promise((resolve) => {
  answered = resolve;
  send({ type: 'ask', id: ++asked, question: { what: 'submit', work } });
});
const problem = (key, message) => ({ key, problem: { path: key, code: 'internal', message, hint: null } });
process.on('message', async (message) => {
  if (message.type === 'setup') return send({ type: 'ready' });
  if (message.type === 'answer') return answered();
  if (message.type === 'stop') return process.exit(0);
  const work = { finished: [], failed: [] };
  const troubled = [];
  for (const { key, session } of message.order.sessions) {
    send({ type: 'begin', key });
    if (session.id === 'dies') process.kill(process.pid, 'SIGKILL');
    if (session.id === 'hangs') await new Promise((resolve) => setTimeout(resolve, 600_000));
    if (session.id === 'later') troubled.push(problem(key, 'Not now.'));
    if (session.id === 'never') work.failed.push(problem(key, 'Never.'));
    if (session.id === 'good') work.finished.push({ key });
  }
  if (work.finished.length + work.failed.length > 0) await submit(work);
  send({ type: 'done', troubled, rssBytes: message.order.recogniser === 'large' ? 1e12 : 1e6 });
});
process.on('disconnect', () => process.exit(1));
`;

/** Writes the child's program into a folder; returns its path. */
export async function writeObedientChild(dir: string): Promise<string> {
  const path = join(dir, 'child.mjs');
  await writeFile(path, program);
  return path;
}
