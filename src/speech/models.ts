import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EarwitnessError, type Localised } from '../session/index.ts';
import { installState, loadCatalogue, type Model } from './catalogue.ts';
import { downloadFile } from './download.ts';
import { combineHashes, sha256OfFile } from './hash.ts';
import { createHub, type Hub } from './hub.ts';
import type { Architecture, InstalledModel } from './recogniser.ts';

export interface ModelListing {
  id: string;
  title: string;
  languages: string[];
  architecture: Architecture;
  /** Sum of the files; null where the catalogue does not know all sizes. */
  bytes: number | null;
  state: 'installed' | 'partial' | 'absent';
  /** The folder that its files belong into. */
  path: string;
  files: { name: string; address: string; bytes: number | null; sha256: string | null }[];
  licence: { name: string; url: string };
  verification: Localised;
  notes: Localised;
}

/** Every model of the catalogue with its state on this disk; never touches the network. */
export function listModels(options: { modelsDir: string; hub?: string | undefined }): ModelListing[] {
  const hub = createHub({ offline: true, base: options.hub });
  return loadCatalogue(options.modelsDir).map((model) => ({
    id: model.id,
    title: model.title,
    languages: model.languages,
    architecture: model.architecture,
    bytes: model.files.some((file) => file.bytes === null)
      ? null
      : model.files.reduce((sum, file) => sum + (file.bytes ?? 0), 0),
    state: installState(model, options.modelsDir).state,
    path: resolve(options.modelsDir, model.id),
    files: model.files.map(({ name, url, bytes, sha256 }) => ({ name, address: hub.address(url), bytes, sha256 })),
    licence: model.licence,
    verification: model.verification,
    notes: model.notes,
  }));
}

export interface ModelProgress {
  model: string;
  file: string;
  doneBytes: number;
  /** Null where nobody states the size. */
  totalBytes: number | null;
}

export interface FetchModelOptions {
  modelsDir: string;
  offline: boolean;
  hub?: string | undefined;
  onProgress?: ((progress: ModelProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Fetches a model of the catalogue into `<modelsDir>/<id>/`. Files that are there already are kept when they hold
 * against the catalogue, partial ones are resumed.
 * @throws EarwitnessError `model-offline` | `model-unreachable` | `model-corrupt` | `recogniser-unknown` (no such model)
 */
export async function fetchModel(id: string, options: FetchModelOptions): Promise<InstalledModel> {
  const catalogue = loadCatalogue(options.modelsDir);
  const model = catalogue.find((entry) => entry.id === id);
  if (!model)
    throw new EarwitnessError(
      'recogniser-unknown',
      id,
      `The catalogue has no model "${id}".`,
      `Known models: ${catalogue.map((entry) => entry.id).join(', ')}.`,
    );
  return fetchCatalogued(model, createHub({ offline: options.offline, base: options.hub }), options);
}

/** As `fetchModel`, for an entry and a hub whose reachability may be known already. */
export async function fetchCatalogued(
  model: Model,
  hub: Hub,
  options: Pick<FetchModelOptions, 'modelsDir' | 'onProgress' | 'signal'>,
): Promise<InstalledModel> {
  const folder = resolve(options.modelsDir, model.id);
  const missing = await filesToFetch(model, folder, options.signal);
  if (missing.length > 0) await hub.ensureReachable(options.modelsDir);
  await mkdir(folder, { recursive: true });
  for (const file of missing)
    await downloadFile({
      address: hub.address(file.url),
      target: join(folder, file.name),
      bytes: file.bytes,
      sha256: file.sha256,
      signal: options.signal,
      onBytes: (doneBytes, totalBytes) =>
        options.onProgress?.({ model: model.id, file: file.name, doneBytes, totalBytes }),
    });
  const installed = installState(model, options.modelsDir);
  if (installed.state !== 'installed')
    throw new EarwitnessError(
      'model-corrupt',
      folder,
      'The model is not complete after the download.',
      'Fetch it again.',
    );
  return installed.model;
}

/** Files that are absent, or there with another content than the catalogue states; a download replaces them. */
async function filesToFetch(model: Model, folder: string, signal: AbortSignal | undefined) {
  const missing = [];
  const state = installState(model, resolve(folder, '..'));
  for (const file of model.files) {
    const path = join(folder, file.name);
    const there = state.state === 'installed' || (state.state === 'partial' && !state.missing.includes(file.name));
    if (there && (file.sha256 === null || (await sha256OfFile(path, signal)) === file.sha256)) continue;
    missing.push(file);
  }
  return missing;
}

/**
 * SHA-256 of every file of an installed model held against the catalogue.
 * @returns hash over all files for the result's record
 * @throws EarwitnessError `model-corrupt`
 */
export async function verifyInstalled(model: Model, modelsDir: string): Promise<string> {
  const folder = resolve(modelsDir, model.id);
  const hashes = [];
  for (const file of model.files) {
    const path = join(folder, file.name);
    const sha256 = await sha256OfFile(path);
    if (file.sha256 !== null && sha256 !== file.sha256)
      throw new EarwitnessError(
        'model-corrupt',
        path,
        'The file is not the one of the catalogue (its SHA-256 differs).',
        `Remove it and run \`earwitness models fetch ${model.id}\`.`,
      );
    hashes.push({ name: file.name, sha256 });
  }
  return combineHashes(hashes);
}
