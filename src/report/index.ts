export { buildReportModel } from './model/model.ts';
export { minimumToRank } from './model/groups.ts';
export { csvTable, sessionPage, sessionsCsvHead, sessionsCsvLine } from './served.ts';
export type { ReportModel } from './model/types.ts';
export { isRecordingCopy } from './recordings.ts';
export { writeReport, type WriteReportOptions } from './write.ts';
export { reportFiles, reportFormats, type ReportFormat } from './formats/index.ts';
export { reportJsonStream, reportPage, sessionsCsvStream, type ReportHead, type ReportTail } from './stream.ts';
export { reportJsonSchema } from './schema.ts';
// The terminal shows the same figures in the same form.
export { fixed, meanText, percent, rateText } from './format.ts';
export {
  agreementText,
  backtestAnswers,
  byFall,
  cardNames,
  changeText,
  flipText,
  flipTotal,
  scoreChangeText,
} from './backtest/answers.ts';
export { backtestJsonSchema } from './backtest/schema.ts';
export { backtestWords } from './backtest/words.ts';
export { writeBacktest } from './backtest/write.ts';
