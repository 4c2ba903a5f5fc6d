import { createHmac } from 'node:crypto';
import { EarwitnessError } from '../../session/index.ts';
import { removeUnreferenced, sweep, type Installation } from './objects.ts';

/**
 * What stands for a customer where the name must not: the same for the same id, and only who has the installation's secret
 * can tell whether a given id is meant. (A bare hash of a telephone number is found by trying all numbers.)
 */
export function pseudonym(customerId: string, secret: string): string {
  return createHmac('sha256', secret).update(`customer:${customerId}`).digest('hex');
}

export interface ErasureSummary {
  customer: string;
  sessions: number;
  /** Uploaded files that were removed, those among them that held other customers' sessions too included. */
  files: number;
  objects: number;
}

/**
 * Forgets a customer: words, recordings, verdicts, ids and the files they came in. Refused as a whole while one session of
 * the customer, or another session in one of the same files, is under legal hold. Safe to repeat.
 * Throws `session-held`.
 */
export async function eraseCustomer(
  installation: Installation,
  customerId: string,
  { secret, actor = 'system', grace }: { secret: string; actor?: string; grace?: number },
): Promise<ErasureSummary> {
  const { store } = installation;
  const customer = pseudonym(customerId, secret);
  const sessions = await store.upkeep.ofCustomer(customerId);
  // A running contact has no file.
  const files = [...new Set(sessions.map(({ fileSha256 }) => fileSha256).filter((sha256) => sha256 !== ''))];
  const held = sessions.filter((session) => session.held).map(({ key }) => key);
  const beside = (await store.upkeep.heldIn(files)).map(({ key }) => key).filter((key) => !held.includes(key));
  if (held.length > 0 || beside.length > 0) throw underHold(held, beside);

  const note = (action: string, detail: Record<string, unknown>) =>
    store.audit.append({ actor, action, target: `customer:${customer}`, detail });
  // Said before it is done: an erasure that is cut short can be seen to have begun.
  await note('customer.erasure-begun', { sessions: sessions.length, files: files.length });
  await store.upkeep.strip(
    sessions.map(({ key }) => key),
    'result',
  );
  const forgotten = await store.upkeep.forgetFiles(files, 'erasure: it held sessions of a customer who was erased');
  const options = { wait: true, ...(grace === undefined ? {} : { grace }) };
  const objects = sessions.flatMap(({ recordingSha256, fileSha256 }) =>
    recordingSha256 === null ? [fileSha256] : [recordingSha256, fileSha256],
  );
  const { removed } = await removeUnreferenced(installation, objects, options);
  // What an erasure that was cut short had left is no longer found by the customer's id.
  const swept = await sweep(installation, options);
  await store.upkeep.scrub();
  const summary = { customer, sessions: sessions.length, files: forgotten, objects: removed + swept.removed };
  await note('customer.erased', { sessions: summary.sessions, files: summary.files, objects: summary.objects });
  return summary;
}

function underHold(own: readonly string[], beside: readonly string[]): EarwitnessError {
  const list = [...own, ...beside];
  const named = list.slice(0, 20).join(', ');
  const more = list.length > 20 ? ` and ${list.length - 20} more` : '';
  const which =
    own.length > 0
      ? `${own.length} of the customer's sessions are under legal hold`
      : `${beside.length} sessions under legal hold came in the same uploaded files`;
  return new EarwitnessError(
    'session-held',
    '',
    `${which}: ${named}${more}. Nothing was erased.`,
    'Lift the holds first: earwitness hold off --session KEY.',
  );
}
