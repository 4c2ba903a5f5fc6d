export { probeAudio, readRecording } from './read.ts';
export type { AudioProbe, ReadOptions, RecordingEvent, SpeechSegment } from './types.ts';
