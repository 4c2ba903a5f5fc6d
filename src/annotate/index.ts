export { type Annotator, type AnnotatorOptions, createAnnotator } from './annotate.ts';
export { modelFiles } from './sentiment/model.ts';
