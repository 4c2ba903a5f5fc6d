import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import shipped from '../../models/catalogue.json' with { type: 'json' };
import { EarwitnessError, isNodeError, localisedSchema, primaryLanguage } from '../session/index.ts';
import { architectures, type InstalledModel, modelParts } from './recogniser.ts';

// Names become folders and files below the models folder: nothing in them may lead out of it.
const nameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

const fileSchema = z.strictObject({
  part: z.enum(modelParts),
  name: nameSchema,
  /** Relative to the model hub's address, or absolute. */
  url: z.string().min(1),
  /** Null where it could not be learnt. */
  bytes: z.number().int().positive().nullable(),
  /** Lower-case hex; null where it could not be learnt. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

const partsOf: Record<(typeof architectures)[number], readonly (typeof modelParts)[number][]> = {
  senseVoice: ['model', 'tokens'],
  nemoCtc: ['model', 'tokens'],
  zipformerCtc: ['model', 'tokens'],
  paraformer: ['model', 'tokens'],
  nemoTransducer: ['encoder', 'decoder', 'joiner', 'tokens'],
  whisper: ['encoder', 'decoder', 'tokens'],
};

const modelSchema = z
  .strictObject({
    id: nameSchema,
    title: z.string().min(1),
    /** Primary subtags. */
    languages: z.array(z.string().regex(/^[a-z]{2,3}$/)).min(1),
    architecture: z.enum(architectures),
    wordTimes: z.boolean(),
    licence: z.strictObject({ name: z.string().min(1), url: z.url() }),
    /** How far the stated sizes and hashes were checked. */
    verification: localisedSchema,
    notes: localisedSchema,
    files: z.array(fileSchema).min(2),
  })
  .superRefine((model, context) => {
    const parts = model.files.map((file) => file.part).sort();
    const needed = [...partsOf[model.architecture]].sort();
    if (parts.join() !== needed.join())
      context.addIssue({
        code: 'custom',
        path: ['files'],
        message: `${model.architecture} needs exactly the parts ${needed.join(', ')}; found ${parts.join(', ')}`,
      });
  });
export type Model = z.infer<typeof modelSchema>;

const catalogueSchema = z
  .strictObject({ schema: z.literal('earwitness/models/1'), models: z.array(modelSchema) })
  .superRefine((catalogue, context) => {
    const seen = new Set<string>();
    for (const [i, model] of catalogue.models.entries()) {
      if (seen.has(model.id))
        context.addIssue({ code: 'custom', path: ['models', i, 'id'], message: `"${model.id}" stands twice` });
      seen.add(model.id);
    }
  });

/**
 * The shipped catalogue and, before it, that of the models folder (`catalogue.json` there), if one exists: the place
 * for models of one's own. A row of one's own replaces a shipped one of the same id. Order is preference.
 * @throws EarwitnessError `model-corrupt` naming every fault of the file.
 */
export function loadCatalogue(modelsDir: string): Model[] {
  const ownPath = join(modelsDir, 'catalogue.json');
  const own = existsSync(ownPath) ? parseCatalogue(readJson(ownPath), ownPath) : [];
  const rest = parseCatalogue(shipped, 'models/catalogue.json').filter(
    (model) => !own.some((replacing) => replacing.id === model.id),
  );
  return [...own, ...rest];
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EarwitnessError(
      'model-corrupt',
      path,
      `The model catalogue cannot be read: ${reason}.`,
      'Correct the file, or remove it to use the shipped catalogue alone.',
    );
  }
}

/** Validates a catalogue; exported for its test. */
export function parseCatalogue(value: unknown, path: string): Model[] {
  const parsed = catalogueSchema.safeParse(value);
  if (parsed.success) return parsed.data.models;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new EarwitnessError(
    'model-corrupt',
    path,
    `The model catalogue is not valid: ${faults.join('; ')}.`,
    'Compare with models/catalogue.json of the program; docs/guides/recognisers.md describes each field.',
  );
}

/** Models for a language, best first. */
export function modelsFor(catalogue: readonly Model[], language: string): Model[] {
  const tag = primaryLanguage(language);
  return catalogue.filter((model) => model.languages.includes(tag));
}

export type InstallState =
  | { state: 'installed'; model: InstalledModel; paths: { name: string; path: string }[] }
  | { state: 'partial'; missing: string[] }
  | { state: 'absent' };

/** Whether a model's files are all there, with the size that the catalogue states. Reads no content. */
export function installState(model: Model, modelsDir: string): InstallState {
  const files: InstalledModel['files'] = {};
  const paths: { name: string; path: string }[] = [];
  const missing: string[] = [];
  for (const file of model.files) {
    const path = resolve(modelsDir, model.id, file.name);
    const bytes = sizeOf(path);
    if (bytes === null || bytes === 0 || (file.bytes !== null && bytes !== file.bytes)) missing.push(file.name);
    else {
      files[file.part] = path;
      paths.push({ name: file.name, path });
    }
  }
  if (missing.length === 0)
    return { state: 'installed', model: { id: model.id, architecture: model.architecture, files }, paths };
  return paths.length === 0 ? { state: 'absent' } : { state: 'partial', missing };
}

function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch (error) {
    if (isNodeError(error)) return null;
    throw error;
  }
}
