import { password } from './app.ts';
import { type Example, nothing } from './example.ts';
import { batchExamples } from './examples-batches.ts';
import { otherExamples } from './examples-other.ts';
import { sessionExamples } from './examples-sessions.ts';

const accountExamples: Readonly<Record<string, Example>> = {
  getSetUp: { request: nothing },
  setUp: {
    request: () => ({ body: { token: 'x', login: 'first', name: 'First', password: 'a long enough password' } }),
  },
  login: { request: (_world, _things, { account }) => ({ body: { login: account?.login ?? 'nobody', password } }) },
  logout: { request: nothing },
  beginOidcLogin: { request: nothing },
  finishOidcLogin: { request: nothing },
  getMe: { request: nothing },
  updateMe: { request: () => ({ body: { language: 'zh' } }) },
  changePassword: { request: () => ({ body: { current: password, next: 'another good pass phrase' } }) },
  listTokens: { request: nothing },
  createToken: { request: () => ({ body: { name: 'robot', scopes: ['account.own'] } }) },
  removeToken: {
    request: async (world, _things, { account }) => {
      const owner = account ?? (await world.test.account('lead'));
      await world.test.token(owner, ['account.own']);
      const own = await world.test.context.store.tokens.listOf(owner.id);
      return { params: { id: own.at(-1)!.id } };
    },
  },
  listAccounts: { request: nothing },
  getAccount: { request: async (world) => ({ params: { id: (await world.test.account('agent')).id } }) },
  createAccount: {
    request: (_world, { fileId }) => ({ body: { login: `new-${fileId}`, name: 'New', role: 'reviewer' } }),
  },
  updateAccount: {
    request: async (world) => ({ params: { id: (await world.test.account('agent')).id }, body: { name: 'Renamed' } }),
  },
};

/** For all routes, by operationId. */
export const exampleRequests: Readonly<Record<string, Example>> = {
  ...accountExamples,
  ...batchExamples,
  ...sessionExamples,
  ...otherExamples,
};
