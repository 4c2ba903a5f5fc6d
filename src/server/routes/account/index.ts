import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { PasswordLogin } from '../../access/password-login.ts';
import type { Context } from '../../context.ts';
import { adminRoutes } from './admin.ts';
import { loginRoutes } from './login.ts';
import { ownRoutes } from './own.ts';
import { tokenRoutes } from './tokens.ts';

/** Logging in and out, one's own account and tokens, and the accounts of others. */
export function accountRoutes(context: Context): FastifyPluginAsyncZod {
  return async (app) => {
    // One count of failures, wherever a password is asked for.
    const passwords = new PasswordLogin(context);
    await app.register(loginRoutes(context, passwords));
    await app.register(ownRoutes(context, passwords));
    await app.register(tokenRoutes(context));
    await app.register(adminRoutes(context));
  };
}
