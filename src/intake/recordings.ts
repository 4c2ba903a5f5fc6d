import { EarwitnessError, sessionSchema } from '../session/index.ts';
import { detectEncoding, decodedChunks } from './encoding.ts';
import { pickDelimiter, readCsv } from './csv.ts';
import type { CsvRow } from './csv.ts';
import { idOf, nameOf, sessionField } from './fields.ts';
import { readFileName } from './file-name.ts';
import { parseJson } from './json.ts';
import { isObject } from './message.ts';
import { stemOf } from './names.ts';
import { failure, failureFrom, placeOf } from './problems.ts';
import { readMessages, readSessionFields } from './session-fields.ts';
import { readText } from './text-file.ts';
import type { InputFile, IntakeFailure, RecordingMetadata, Settings } from './types.ts';

type Json = Record<string, unknown>;

/** A row of a manifest that is still waiting for its file. */
interface ManifestRow {
  line: number;
  file: string;
  values: Json;
  used: boolean;
}

interface Manifest {
  place: string;
  rows: Map<string, ManifestRow>;
  failures: IntakeFailure[];
  /** The file it was read from; rows are relative to its folder. */
  file: InputFile;
}

const manifestName = 'manifest.csv';

/** True for the file that describes the recordings of its folder. */
export function isManifest(name: string): boolean {
  return name.toLowerCase() === manifestName;
}

/** Finds the metadata of recordings: sidecar first, then the manifest of the folder, then the file name. */
export class MetadataFinder {
  private readonly settings: Settings;
  private readonly manifests = new Map<string, Manifest | null>();

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Reads all three sources and merges them, the more specific one winning field by field. */
  async find(file: InputFile): Promise<{ metadata: RecordingMetadata; failures: IntakeFailure[] }> {
    const failures: IntakeFailure[] = [];
    const found: RecordingMetadata[] = [];
    for (const name of sidecarNames(file.name)) {
      const sidecar = await file.resolve(name);
      if (!sidecar) continue;
      const metadata = await this.readSidecar(sidecar, file, failures);
      if (metadata) found.push(metadata);
    }
    const manifest = await this.manifestOf(file);
    const row = manifest?.rows.get(file.name);
    if (row && manifest) {
      row.used = true;
      const { metadata, issues } = this.fromRecord(row.values);
      found.push(metadata);
      if (issues.length > 0)
        failures.push(
          failure(
            'manifest-invalid',
            `${manifest.place}:${row.line}`,
            `Row for ${file.name}: ${issues.join('; ')}. The rest of the row was used.`,
            'Correct the row.',
          ),
        );
    }
    const named = readFileName(stemOf(file.name), this.settings.fileNamePatterns, this.settings.timeZone);
    if (named) found.push(this.fromRecord(named).metadata);
    return { metadata: merge(found), failures };
  }

  /** A manifest met while walking: its faults, and rows that name no file. Call once, after everything was read. */
  async *settle(file: InputFile): AsyncGenerator<IntakeFailure> {
    const manifest = await this.load(file);
    yield* manifest.failures;
    for (const row of manifest.rows.values()) {
      if (row.used) continue;
      const target = await file.resolve(row.file);
      const message = target
        ? `The row names ${JSON.stringify(row.file)}, which was not read as a recording of its own.`
        : `The row names ${JSON.stringify(row.file)}, but there is no such file in its folder.`;
      yield failure(
        'manifest-unmatched',
        `${manifest.place}:${row.line}`,
        message,
        'Add the file, correct its name, or remove the row.',
      );
    }
  }

  /** A recording that belongs to a session which names it has its row answered too. */
  async claim(file: InputFile): Promise<void> {
    const manifest = await this.manifestOf(file);
    const row = manifest?.rows.get(file.name);
    if (row) row.used = true;
  }

  private async manifestOf(file: InputFile): Promise<Manifest | null> {
    if (!this.manifests.has(file.folder)) {
      const found = await file.resolve(manifestName);
      if (!found) this.manifests.set(file.folder, null);
      else await this.load(found);
    }
    return this.manifests.get(file.folder) ?? null;
  }

  private async load(file: InputFile): Promise<Manifest> {
    const known = this.manifests.get(file.folder);
    if (known) return known;
    const manifest: Manifest = { place: placeOf(file), rows: new Map(), failures: [], file };
    this.manifests.set(file.folder, manifest);
    try {
      await readManifest(manifest, this.settings);
    } catch (error) {
      manifest.failures.push(failureFrom(error, manifest.place));
    }
    return manifest;
  }

  /** A sidecar's metadata, without what is wrong in it; every fault goes to `failures`. */
  private async readSidecar(
    sidecar: InputFile,
    recording: InputFile,
    failures: IntakeFailure[],
  ): Promise<RecordingMetadata | null> {
    const place = placeOf(sidecar);
    const invalid = (at: string, message: string, used = `The recording ${recording.name} was read without it`) => {
      const hint = 'See docs/reference/inputs.md for the keys of a sidecar.';
      failures.push(failure('sidecar-invalid', at, `${message} ${used}.`, hint));
      return null;
    };
    try {
      const { text } = await readText(sidecar, this.settings.limits, 'A sidecar holds the metadata of one recording.');
      const parsed = parseJson(text);
      if ('fault' in parsed) {
        const { line, column, message } = parsed.fault;
        return invalid(`${place}:${line}:${column}`, `Not valid JSON in line ${line}, column ${column}: ${message}.`);
      }
      // A bare list beside a recording is its transcript.
      const value = Array.isArray(parsed.value) ? { turns: parsed.value as unknown[] } : parsed.value;
      if (!isObject(value)) return invalid(place, 'Expected an object with the metadata of the recording.');
      const { metadata, issues } = this.fromRecord(value);
      if (issues.length > 0) invalid(place, `${issues.join('; ')}.`, 'The rest of it was used');
      return metadata;
    } catch (error) {
      if (error instanceof EarwitnessError && error.code === 'cancelled') throw error;
      return invalid(place, failureFrom(error, place).problem.message);
    }
  }

  private fromRecord(raw: Json): { metadata: RecordingMetadata; issues: string[] } {
    const fields = readSessionFields(raw, this.settings, 'metadata');
    const { values, issues } = fields;
    const turnsKey = Object.keys(raw).find((key) => raw[key] === values.turns) ?? 'turns';
    const messages = Array.isArray(values.turns) ? readMessages(values.turns, turnsKey, this.settings, issues) : [];
    const attributes = { ...fields.attributes };
    for (const key of ['subject', 'description', 'reply'] as const)
      if (values[key] !== undefined) attributes[key] = values[key];
    const id = idOf(values.id);
    if (id !== null && !sessionSchema.shape.id.safeParse(id).success) issues.push('id: must not be empty');
    return {
      issues,
      metadata: {
        id,
        agentId: nameOf(values.agentId),
        customerId: nameOf(values.customerId),
        team: nameOf(values.team),
        queue: nameOf(values.queue),
        startedAt: fields.startedAt,
        language: fields.language,
        channelRoles: fields.channelRoles,
        attributes,
        messages,
      },
    };
  }
}

/** `call-17.wav` → the files that may describe it, the most specific first. */
function sidecarNames(name: string): string[] {
  return [`${name}.json`, `${stemOf(name)}.json`].filter((sidecar) => sidecar !== name);
}

function merge(found: readonly RecordingMetadata[]): RecordingMetadata {
  const first = <K extends keyof RecordingMetadata>(key: K): RecordingMetadata[K] | null =>
    found.find((metadata) => metadata[key] !== null)?.[key] ?? null;
  return {
    id: first('id'),
    agentId: first('agentId'),
    customerId: first('customerId'),
    team: first('team'),
    queue: first('queue'),
    startedAt: first('startedAt'),
    language: first('language'),
    channelRoles: first('channelRoles'),
    attributes: Object.fromEntries([...found].reverse().flatMap((metadata) => Object.entries(metadata.attributes))),
    messages: found.find((metadata) => metadata.messages.length > 0)?.messages ?? [],
  };
}

async function readManifest(manifest: Manifest, settings: Settings): Promise<void> {
  const { file } = manifest;
  const encoding = await detectEncoding(file);
  const chunks = () => decodedChunks(file, encoding);
  const delimiter = await pickDelimiter(chunks(), (field) => sessionField(field, settings.columns) !== null);
  let header: string[] | null = null;
  let fileColumn = -1;
  for await (const row of readCsv(chunks(), delimiter, file, settings.limits)) {
    if ('kind' in row) {
      manifest.failures.push(row);
      continue;
    }
    if (header === null) {
      header = row.fields.map((field) => field.trim());
      fileColumn = header.findIndex((name) => sessionField(name, settings.columns) === 'file');
      if (fileColumn < 0) {
        manifest.failures.push(
          failure(
            'manifest-invalid',
            `${manifest.place}:${row.line}`,
            `The manifest has no column "file" (文件); it has ${header
              .map((name) => JSON.stringify(name))
              .join(', ')
              .slice(0, 300)}.`,
            'Name the column with the file names "file". The recordings were read without the manifest.',
          ),
        );
        return;
      }
      continue;
    }
    addRow(manifest, row, header, fileColumn);
  }
}

function addRow(manifest: Manifest, row: CsvRow, header: readonly string[], fileColumn: number): void {
  const name = (row.fields[fileColumn] ?? '').trim().replaceAll('\\', '/').replace(/^\.\//, '');
  const at = `${manifest.place}:${row.line}`;
  if (name === '') {
    manifest.failures.push(
      failure('manifest-invalid', at, 'The row names no file.', 'Fill in the column "file" or remove the row.'),
    );
    return;
  }
  const before = manifest.rows.get(name);
  if (before) {
    manifest.failures.push(
      failure(
        'manifest-invalid',
        at,
        `The row names ${JSON.stringify(name)} once more; line ${before.line} already describes it and was used.`,
        'Keep one row for each file.',
      ),
    );
    return;
  }
  const values: [string, string][] = [];
  header.forEach((key, i) => {
    const value = (row.fields[i] ?? '').trim();
    if (i !== fileColumn && value !== '') values.push([key, value]);
  });
  manifest.rows.set(name, { line: row.line, file: name, values: Object.fromEntries(values), used: false });
}
