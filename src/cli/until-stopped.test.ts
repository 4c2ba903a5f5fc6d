import { expect, test, vi } from 'vitest';
import { untilStopped } from './until-stopped.ts';

function running() {
  let release = () => {};
  const drained = new Promise<void>((resolve) => (release = resolve));
  return { drain: vi.fn(() => drained), stop: vi.fn(() => Promise.resolve(release())), release: () => release() };
}

test('the first signal lets running work end, and the exit status is 0', async () => {
  const one = running();
  const status = untilStopped(one, 'Stopping.');
  process.emit('SIGTERM');
  expect(one.drain).toHaveBeenCalledOnce();
  one.release();
  expect(await status).toBe(0);
  expect(one.stop).not.toHaveBeenCalled();
});

test('the second signal gives it back at once, and the exit status is 130', async () => {
  const one = running();
  const status = untilStopped(one, 'Stopping.');
  process.emit('SIGTERM');
  process.emit('SIGTERM');
  expect(one.stop).toHaveBeenCalledOnce();
  expect(await status).toBe(130);
});
