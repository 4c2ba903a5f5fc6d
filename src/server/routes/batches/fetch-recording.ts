import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { HttpProblem } from '../../http/problem.ts';
import { addressGuard, guardedLookup } from '../../webhooks/addresses.ts';
import { refusalOf } from '../../webhooks/guardedFetch.ts';

/** Until the answer begins, and between two pieces of it. */
const silenceMs = 20_000;

/**
 * Opens a recording at an address that somebody else named: public addresses alone (or those of `networks`), no
 * redirects, and the address that was looked at is the one that is connected to. The caller bounds the bytes.
 */
export function openRecording(url: string, networks: readonly string[]): Promise<IncomingMessage> {
  const guard = addressGuard(networks);
  const refusal = refusalOf(url, guard);
  if (refusal !== null)
    return Promise.reject(
      new HttpProblem(
        422,
        'address-refused',
        `recordingUrl is refused: ${refusal}`,
        'Send the recording itself as multipart/form-data, or have EARWITNESS_WEBHOOK_NETWORKS name its network.',
      ),
    );
  const target = new URL(url);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = send(
      target,
      { method: 'GET', lookup: guardedLookup(guard) as never, agent: false, maxHeaderSize: 16 * 1024 },
      (answer) => {
        if (answer.statusCode === 200) return resolve(answer);
        answer.destroy();
        reject(unreachable(`answered ${answer.statusCode ?? 'nothing'}`));
      },
    );
    asked.setTimeout(silenceMs, () => asked.destroy(new Error('nothing came')));
    asked.on('error', (error) => {
      reject(unreachable(error.name === 'RefusedAddress' ? 'is at no public address' : 'cannot be reached'));
    });
    asked.end();
  });
}

/** Without the address and what it said: both may hold what is none of the caller's business. */
export function unreachable(why: string): HttpProblem {
  return new HttpProblem(
    424,
    'recording-unreachable',
    `recordingUrl ${why}.`,
    'Send the hook again when the recording can be fetched; the same callId is taken in once.',
  );
}
