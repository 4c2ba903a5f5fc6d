import { z } from 'zod';

/**
 * The closed set of error codes. Each has a row in docs/reference/errors.md; a test holds the two together.
 * `failure`: the named input is lost to this run, everything else goes on. `notice`: inspected, with a caveat.
 * `stop`: the run cannot start or go on (exit status 2).
 */
export const errorCodes = {
  'path-not-found': 'stop',
  'path-unreadable': 'failure',
  'file-empty': 'failure',
  'file-kind-unknown': 'failure',
  'file-too-large': 'failure',
  'file-encoding': 'failure',
  'encoding-guessed': 'notice',
  'line-too-long': 'failure',
  'json-invalid': 'failure',
  'csv-invalid': 'failure',
  'mail-invalid': 'failure',
  'session-invalid': 'failure',
  'session-empty': 'failure',
  'session-duplicate': 'failure',
  'times-missing': 'notice',
  'times-backwards': 'notice',
  'speaker-unknown': 'notice',
  'manifest-invalid': 'failure',
  'manifest-unmatched': 'notice',
  'sidecar-invalid': 'failure',
  'zip-invalid': 'failure',
  'zip-unsafe-path': 'failure',
  'zip-too-large': 'failure',
  'audio-not-audio': 'failure',
  'audio-no-samples': 'failure',
  'audio-truncated': 'notice',
  'audio-decode-failed': 'failure',
  'audio-too-long': 'failure',
  'audio-no-speech': 'notice',
  'audio-identical-channels': 'notice',
  'audio-mono': 'notice',
  'ffmpeg-missing': 'failure',
  'recogniser-missing': 'failure',
  'recogniser-failed': 'failure',
  'recogniser-unknown': 'stop',
  'speech-unrecognised': 'notice',
  'language-unsupported': 'failure',
  'model-unreachable': 'failure',
  'model-corrupt': 'failure',
  'model-offline': 'failure',
  'scorecard-invalid': 'stop',
  'scorecard-missing': 'notice',
  'reading-given-up': 'failure',
  'inspection-given-up': 'failure',
  'worker-refused': 'stop',
  'result-missing': 'stop',
  'artefact-missing': 'failure',
  'reviews-invalid': 'stop',
  'upload-hash-wrong': 'failure',
  'upload-too-large': 'failure',
  'archive-unusable': 'stop',
  'backup-invalid': 'stop',
  'installation-not-empty': 'stop',
  'session-held': 'stop',
  'account-exists': 'failure',
  'cursor-invalid': 'failure',
  'store-unavailable': 'failure',
  'disk-full': 'stop',
  'output-unwritable': 'stop',
  'state-unusable': 'stop',
  usage: 'stop',
  cancelled: 'stop',
  internal: 'failure',
} as const satisfies Record<string, 'failure' | 'notice' | 'stop'>;

export type ErrorCode = keyof typeof errorCodes;

export const problemSchema = z.object({
  /** The file that it is about, with `#entry` or `:line:column` where that is known. */
  path: z.string(),
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  /** What is wrong and where. */
  message: z.string(),
  /** What to do next. */
  hint: z.string().nullable(),
});
export type Problem = z.infer<typeof problemSchema>;

/** An error that a user can act on. Anything else that is thrown is a defect and is reported as `internal`. */
export class EarwitnessError extends Error {
  readonly problem: Problem;

  constructor(code: ErrorCode, path: string, message: string, hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EarwitnessError';
    this.problem = { path, code, message, hint };
  }

  get code(): ErrorCode {
    return this.problem.code;
  }
}

/** Turns anything thrown into a problem about `path`; foreign errors become `internal` with their message. */
export function toProblem(error: unknown, path: string): Problem {
  if (error instanceof EarwitnessError) return error.problem;
  if (isNodeError(error)) {
    if (error.code === 'ENOSPC')
      return {
        path,
        code: 'disk-full',
        message: 'The disk is full.',
        hint: 'Free some space and run again; finished sessions are kept.',
      };
    if (error.code === 'EACCES' || error.code === 'EPERM')
      return {
        path,
        code: 'path-unreadable',
        message: 'No permission to read this.',
        hint: 'Grant read permission to the user that runs earwitness.',
      };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    path,
    code: 'internal',
    message,
    hint: 'This is a defect in earwitness; please report it with this message.',
  };
}

/** Narrows to an error of Node's own with a string code. */
export function isNodeError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}
