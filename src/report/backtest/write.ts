import type { Backtest, UiLanguage } from '../../session/index.ts';
import { writeAll } from '../files.ts';
import { backtestPage } from './page.ts';

/** Writes the page of a backtest; an earlier one is replaced only by a complete one. Throws `output-unwritable`, `disk-full`. */
export async function writeBacktest(result: Backtest, path: string, language: UiLanguage): Promise<void> {
  await writeAll([{ path, chunks: [backtestPage(result, language)] }]);
}
