export { type Annotator, type AnnotatorOptions, createAnnotator } from './annotate.ts';
