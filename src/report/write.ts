import { join } from 'node:path';
import type { BatchResult, UiLanguage } from '../session/index.ts';
import { makeDirectory, writeAll } from './files.ts';
import { type ReportFormat, formats, reportFormats } from './formats/index.ts';
import { type RecordingMode, linkRecordings } from './recordings.ts';

export interface WriteReportOptions {
  /** Made if it does not exist. */
  dir: string;
  /** The language that the page shows first (it holds both) and the only one of the spreadsheets. */
  language: UiLanguage;
  /** All of them by default. */
  formats?: readonly ReportFormat[];
  /** `link` by default: the page plays the recordings from where they lie. */
  recordings?: RecordingMode;
  /** Session id → where its recording lies now, for those that came out of an archive; they are copied, not linked. */
  unpacked?: ReadonlyMap<string, string>;
}

/**
 * Writes report.html, report.json, report.csv and report-items.csv (or those of the formats asked for) into `dir` and
 * returns their paths. Files of an earlier report are replaced only when all new ones are complete.
 *
 * Throws EarwitnessError `output-unwritable` or `disk-full`.
 */
export async function writeReport(batch: BatchResult, options: WriteReportOptions): Promise<string[]> {
  const wanted = options.formats ?? reportFormats;
  await makeDirectory(options.dir);
  const mode = wanted.includes('html') ? (options.recordings ?? 'link') : 'none';
  const recordings = await linkRecordings(batch.sessions, options.dir, mode, options.unpacked);
  const context = { language: options.language, recordings };
  const files = wanted.flatMap((format) =>
    Object.entries(formats[format]).map(([name, write]) => ({
      path: join(options.dir, name),
      chunks: write(batch, context),
    })),
  );
  await writeAll(files);
  return files.map((file) => file.path);
}
