import type { Localised, Problem, Role, Session, Speaker, Word } from '../session/index.ts';

/** One session found in the input, ready for the next room. */
export interface IntakeSession {
  kind: 'session';
  session: Session;
  /** A readable file on this machine; null for chats, tickets and calls that come as a transcript alone. */
  recordingPath: string | null;
  /** Which role each channel of the recording carries, where the metadata or the caller says so. */
  channelRoles: Role[] | null;
  /** `path` as the user gave it (or as found under the folder given), `entry` inside a zip or a file of many sessions. */
  source: { path: string; entry: string | null };
  notices: Problem[];
}

/** An input, or a part of one, that did not become a session. Everything else goes on. */
export interface IntakeFailure {
  kind: 'failure';
  problem: Problem;
}

export type IntakeItem = IntakeSession | IntakeFailure;

export interface IntakeLimits {
  /** Longest line of JSONL, CSV or mbox headers, in characters. */
  lineChars: number;
  /** Largest file that has to be read in one piece (JSON, one e-mail, a sidecar), in bytes. */
  documentBytes: number;
  zipEntries: number;
  zipEntryBytes: number;
  zipTotalBytes: number;
  /** Unpacked ÷ packed size, looked at from 1 MiB unpacked on. */
  zipRatio: number;
}

export interface IntakeOptions {
  /** Language of sessions that neither state one nor show one in their text (recordings, above all). */
  defaultLanguage: string;
  /** An existing folder for recordings unpacked from zips. The caller empties it. */
  tempDir: string;
  /** Which side of a stereo recording carries the agent, where no metadata says so. */
  agentChannel?: 'left' | 'right';
  /** Mail domains of the company: writers from there are agents. Without any, whoever wrote first is the customer. */
  companyDomains?: readonly string[];
  /** How file names of recordings carry metadata; tried in order. See `defaultFileNamePatterns`. */
  fileNamePatterns?: readonly string[];
  /** Own CSV column or JSON key names → field, e.g. `{ 'Gespräch': 'id', Wer: 'speaker' }`. */
  columns?: Readonly<Record<string, string>>;
  /** Own speaker labels → speaker, e.g. `{ 'Level 2': 'agent' }`. */
  speakers?: Readonly<Record<string, Speaker>>;
  /** IANA zone of times that state none (`2026/3/1 10:22:05`). Default UTC, so that a run repeats anywhere. */
  timeZone?: string;
  /** Files and folders that a walk passes over, such as the report that an earlier run left among its inputs. */
  passOver?: (absolutePath: string) => boolean;
  limits?: Partial<IntakeLimits>;
  signal?: AbortSignal;
}

/** Options with every default filled in. */
export interface Settings {
  defaultLanguage: string;
  tempDir: string;
  agentChannel: 'left' | 'right' | null;
  companyDomains: readonly string[];
  fileNamePatterns: readonly string[];
  columns: Readonly<Record<string, string>>;
  speakers: Readonly<Record<string, Speaker>>;
  timeZone: string;
  limits: IntakeLimits;
  signal: AbortSignal | null;
}

/** A file to read, on disk or inside a zip; the formats cannot tell which. */
export interface InputFile {
  path: string;
  /** Name inside a zip, else null. */
  entry: string | null;
  /** Base name with its extension. */
  name: string;
  /** Path below the input root without extension, `/`-separated: the id of a session that states none. */
  idBase: string;
  size: number;
  /** Named by the user rather than found by walking. */
  named: boolean;
  /** Identity: two inputs with one key are one file. */
  key: string;
  /** Identity of the folder it lies in. */
  folder: string;
  bytes(): AsyncIterable<Uint8Array>;
  /** A path that other programs can open; unpacks a zip entry into the temp folder first. */
  localPath(): Promise<string>;
  /**
   * The file at a path relative to this one's folder; null when there is none. Never leaves the input root.
   */
  resolve(relative: string): Promise<InputFile | null>;
}

/** The beginning of a file, from which its kind is told. */
export interface Head {
  bytes: Buffer;
  size: number;
  /** With the dot, lower case; empty when there is none. */
  extension: string;
  /** The same bytes as text, null when they are no text. The last character may be cut. */
  text: string | null;
}

/** A session before its id is held against the rest of the batch. */
export interface Draft extends IntakeSession {
  /** When the source stated no id: ids to try in order until one is free. Empty when it did. */
  idCandidates: string[];
}

export type FormatItem = Draft | IntakeFailure;

/** A message as a source gives it, not yet placed, numbered or attributed. */
export interface LooseMessage {
  /** Everything the source says about who writes, most telling first. */
  labels: string[];
  /** A speaker that the reader of the format already knows for sure. */
  speaker: Speaker | null;
  author: string | null;
  text: string;
  time: unknown;
  startMs: number | null;
  endMs: number | null;
  visibility: 'public' | 'internal';
  auto: boolean | null;
  words: Word[] | null;
  confidence: number | null;
}

/** What is known about a recording before it is heard. */
export interface RecordingMetadata {
  id: string | null;
  agentId: string | null;
  customerId: string | null;
  team: string | null;
  queue: string | null;
  startedAt: string | null;
  language: string | null;
  channelRoles: Role[] | null;
  attributes: Record<string, unknown>;
  /** A transcript given beside the recording. */
  messages: LooseMessage[];
}

/** One e-mail, reduced to what a thread needs. */
export interface Mail {
  path: string;
  entry: string | null;
  place: string;
  idBase: string;
  /** Without brackets; null when the message has none. */
  messageId: string | null;
  /** In-Reply-To and References, without brackets. */
  references: string[];
  subject: string;
  /** Lower case; null when the header is missing or broken. */
  from: string | null;
  fromName: string | null;
  /** To and Cc, lower case. */
  to: string[];
  /** Epoch ms. */
  sentMs: number | null;
  text: string;
  auto: boolean;
  notices: Problem[];
}

/** What a format may use beside the file itself. */
export interface ReadContext {
  settings: Settings;
  /** Metadata for a recording from sidecar, manifest and file name. */
  recordingMetadata(file: InputFile): Promise<{ metadata: RecordingMetadata; failures: IntakeFailure[] }>;
  /** Marks a recording as belonging to a session that names it, so that it is not read once more by itself. */
  claim(file: InputFile): void;
  /** Hands over an e-mail; threads come out after the last file, as one thread may lie in many files. */
  collectMail(mail: Mail): void;
  /** Reads the files of an archive as those of a folder are read. */
  readFiles(files: readonly InputFile[]): AsyncGenerator<FormatItem>;
}

export const formatIds = [
  'zip',
  'wav',
  'flac',
  'ogg',
  'mp4',
  'amr',
  'aac',
  'mp3',
  'gsm',
  'mbox',
  'eml',
  'jsonl',
  'json',
  'csv',
] as const;
export type FormatId = (typeof formatIds)[number];

/** One input format: how it is told by content and how it becomes sessions. */
export interface Format {
  id: FormatId;
  family: 'recording' | 'text' | 'archive';
  title: Localised;
  /** Lower case, with the dot. They decide only when the content does not, to choose the clearer message. */
  extensions: readonly string[];
  recognises(head: Head): boolean;
  /** Yields what the file holds. An EarwitnessError thrown here loses the rest of this file, and only that. */
  read(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem>;
}
