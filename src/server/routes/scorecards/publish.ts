import { posix } from 'node:path';
import type { z } from 'zod';
import { type Finding, lintScorecards, type PublishedEntry } from '../../../scorecard/index.ts';
import type { CompiledScorecard } from '../../../scorecard/index.ts';
import type { Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { publishBodySchema, publishedAnswerSchema } from './schemas.ts';

/** Where files without a folder of their own stand. Nothing is read from there: they come from the request alone. */
const root = '/scorecards';
const shownProblems = 500;

interface Publication {
  body: z.infer<typeof publishBodySchema>;
  actor: string;
  dryRun: boolean;
}

/** Checks a scorecard with everything it names and puts it in force; refuses with every problem at once. */
export async function publish(
  { store }: Pick<Context, 'store'>,
  { body, actor, dryRun }: Publication,
): Promise<z.infer<typeof publishedAnswerSchema>> {
  const at = (path: string) => posix.join(root, path);
  const texts = new Map(Object.entries(body.files).map(([path, text]) => [at(path), text]));
  if (!texts.has(at(body.path)))
    throw new HttpProblem(
      400,
      'request-invalid',
      `\`files\` holds no ${body.path}.`,
      'Send the scorecard itself too.',
      {
        errors: [{ path: 'body.path', message: 'is not among files' }],
      },
    );
  const { cards, findings } = await lintScorecards([at(body.path)], {
    history: [] satisfies PublishedEntry[],
    read: (path) => {
      const text = texts.get(path);
      if (text !== undefined) return Promise.resolve(text);
      return Promise.reject(Object.assign(new Error(`${path} was not sent.`), { code: 'ENOENT' }));
    },
  });
  const [card] = cards;
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (!card || errors.length > 0) throw refused(errors);
  const { id, hash } = card.ref;
  const version = String(card.ref.version);
  const inForce = (await store.bundles.published()).find((one) => one.id === id);
  const known = (await store.bundles.versions(id)).find((one) => one.version === version);
  if (known && known.hash !== hash)
    throw new HttpProblem(
      409,
      'conflict',
      `${id} version ${version} was published with other content.`,
      'Raise `version`: results name it, and what it stands for never changes.',
    );
  const same = inForce?.hash === hash;
  if (!dryRun && !same) {
    await store.bundles.pin(bundleOf(card));
    await store.bundles.publish(id, version, hash);
    await store.audit.append({
      actor,
      action: 'scorecard.publish',
      target: `scorecard:${id}`,
      detail: { version, hash, replaces: inForce?.version ?? null },
    });
  }
  return { id, version, hash, published: !dryRun && !same, findings: findings.map(shown) };
}

function bundleOf({ ref, path, sources }: CompiledScorecard) {
  return {
    kind: 'scorecard' as const,
    hash: ref.hash,
    id: ref.id,
    version: String(ref.version),
    path,
    files: sources.map((source) => ({
      path: source.path,
      sha256: source.sha256,
      bytes: new TextEncoder().encode(source.text),
    })),
  };
}

function refused(errors: readonly Finding[]): HttpProblem {
  const all = errors.map(({ file, line, column, code, message, hint }) => ({
    path: `${relativePath(file)}:${line}:${column}`,
    message: `${message.en}${hint ? ` ${hint.en}` : ''} (${code})`,
  }));
  return new HttpProblem(
    422,
    'scorecard-invalid',
    `The scorecard has ${all.length === 1 ? 'one problem' : `${all.length} problems`}.`,
    'Correct the places that `errors` names (file:line:column).',
    { errors: all.slice(0, shownProblems) },
  );
}

const relativePath = (file: string) => posix.relative(root, file);

function shown({ code, severity, file, line, column, message, hint }: Finding) {
  return { code, severity, file: relativePath(file), line, column, message, hint };
}
