import { connect } from 'node:net';

/**
 * Whether the server that a test file needs is there. Where it is not, the file is skipped and says so; in CI it fails.
 */
export async function isThere(name: string, url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const there = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const answer = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(2_000, () => answer(false));
    socket.on('connect', () => answer(true));
    socket.on('error', () => answer(false));
  });
  if (there) return true;
  const message = `${name} does not answer at ${hostname}:${port}; its tests are skipped.`;
  if (process.env['CI']) throw new Error(message);
  console.warn(message);
  return false;
}
