import { EarwitnessError, languageSchema } from '../session/index.ts';
import { compilePattern, defaultFileNamePatterns } from './file-name.ts';
import { isField } from './fields.ts';
import type { IntakeLimits, IntakeOptions, Settings } from './types.ts';

const MiB = 1024 * 1024;

/** The limits that hold unless the caller sets others. */
export const defaultLimits: IntakeLimits = {
  lineChars: 16 * MiB,
  documentBytes: 128 * MiB,
  zipEntries: 20_000,
  zipEntryBytes: 2048 * MiB,
  zipTotalBytes: 16_384 * MiB,
  zipRatio: 200,
};

/** Fills in defaults. Throws `usage` for options that cannot work, all of them named at once. */
export function resolveSettings(options: IntakeOptions): Settings {
  const faults: string[] = [];
  const timeZone = options.timeZone ?? 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    faults.push(`time zone "${timeZone}" is not known; use an IANA name such as Asia/Shanghai`);
  }
  if (!languageSchema.safeParse(options.defaultLanguage).success)
    faults.push(`language "${options.defaultLanguage}" is not a language tag; use one such as en or zh`);
  for (const pattern of options.fileNamePatterns ?? []) {
    const compiled = compilePattern(pattern);
    if ('fault' in compiled) faults.push(`file-name pattern "${pattern}": ${compiled.fault}`);
  }
  for (const [column, field] of Object.entries(options.columns ?? {}))
    if (!isField(field)) faults.push(`column "${column}" is mapped to "${field}", which is no field`);
  if (faults.length > 0)
    throw new EarwitnessError(
      'usage',
      'options',
      faults.join('; '),
      'See docs/reference/inputs.md for what each option takes.',
    );
  return {
    defaultLanguage: options.defaultLanguage,
    tempDir: options.tempDir,
    agentChannel: options.agentChannel ?? null,
    companyDomains: (options.companyDomains ?? []).map((domain) => domain.toLowerCase().replace(/^@/, '')),
    fileNamePatterns: options.fileNamePatterns ?? defaultFileNamePatterns,
    columns: options.columns ?? {},
    speakers: options.speakers ?? {},
    timeZone,
    limits: { ...defaultLimits, ...options.limits },
    signal: options.signal ?? null,
  };
}
