import { z } from 'zod';
import { passwordLength } from '../../access/passwords.ts';
import { tokenScopes } from '../../access/actor.ts';
import { rights, type Right } from '../../access/rights.ts';
import { accountSchema, userRoleSchema } from '../../../session/index.ts';

export const loginName = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(200)
  .regex(/^[^\s\p{C}]+$/u, 'no spaces or control characters')
  .describe('Folded to lower case.');
/** What was stored before the rules grew must still be accepted at log-in. */
export const anyPassword = z.string().min(1).max(passwordLength.most);
export const newPassword = z.string().min(passwordLength.least).max(passwordLength.most);
export const personName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}]+$/u, 'no control characters');
export const language = z.enum(['en', 'zh']);
const team = z.string().trim().min(1).max(200);

export const setUpBody = z.strictObject({
  token: z.string().min(1).max(200).describe('As the console of the server shows it at the first start.'),
  login: loginName,
  name: personName,
  password: newPassword,
  language: language.default('en'),
});

export const accountBody = z.strictObject({
  login: loginName,
  name: personName,
  role: userRoleSchema,
  teams: z.array(team).max(200).default([]),
  agentId: z.string().trim().min(1).max(200).nullable().default(null),
  mayReadRaw: z.boolean().default(false),
  language: language.default('en'),
  password: newPassword.nullable().default(null).describe('Null for those who come through the identity provider.'),
  external: z.string().min(1).max(500).nullable().default(null).describe('`issuer|subject` of the identity provider.'),
});

export const accountChange = z
  .strictObject({
    name: personName,
    role: userRoleSchema,
    teams: z.array(team).max(200),
    agentId: z.string().trim().min(1).max(200).nullable(),
    mayReadRaw: z.boolean(),
    language,
    active: z.boolean(),
    password: newPassword,
    external: z.string().min(1).max(500).nullable(),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'Name at least one field.');

export const meSchema = z.object({
  account: accountSchema,
  via: z.enum(['cookie', 'token']),
  rights: z.array(z.enum(Object.keys(rights) as [Right, ...Right[]])),
  mayReadRaw: z.boolean(),
  csrf: z.string().nullable().describe('To be sent as x-csrf-token with everything but GET; null with a token.'),
  expiresAt: z.string().nullable().describe('When this login ends at the latest; null with a token.'),
});

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});

export const tokenBody = z.strictObject({
  name: personName,
  scopes: z.array(z.enum(tokenScopes)).min(1).max(tokenScopes.length),
  expiresInDays: z.number().int().min(1).max(730).default(90),
});

export const idParams = z.object({ id: z.string().min(1).max(100) });
export const noContent = z.undefined().describe('Done.');
