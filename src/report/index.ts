export { buildReportModel } from './model/model.ts';
export type { ReportModel } from './model/types.ts';
export { writeReport, type WriteReportOptions } from './write.ts';
export { reportFormats, type ReportFormat } from './formats/index.ts';
export { reportJsonSchema } from './schema.ts';
