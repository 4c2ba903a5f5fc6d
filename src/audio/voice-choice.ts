import { EnergyDetector } from './voice-energy.ts';
import { SileroDetector } from './voice-silero.ts';
import type { VoiceDetector } from './voice.ts';

/** Silero where its runtime can be loaded on this platform, else a detector by loudness. */
export async function createVoiceDetector(): Promise<VoiceDetector> {
  return (await SileroDetector.create()) ?? new EnergyDetector();
}
