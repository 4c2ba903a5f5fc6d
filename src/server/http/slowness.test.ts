import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { installProblems } from './errors.ts';
import { installSlowness } from './slowness.ts';

it('a JSON body that does not come is refused with 408, and the connection closed', async () => {
  const app = Fastify();
  installProblems(app);
  installSlowness(app, 50);
  app.post('/', async (request) => request.body);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":'),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('"code":"request-late"');
  const whole = await app.inject({ method: 'POST', url: '/', payload: { a: 1 } });
  expect([whole.statusCode, whole.json()]).toEqual([200, { a: 1 }]);
  await app.close();
});
