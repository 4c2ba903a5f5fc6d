// sherpa-onnx-node ships no declarations. These are the parts used by this room; src/speech declares its own parts in
// another file of this form, and TypeScript merges the two.
declare module 'sherpa-onnx-node' {
  interface VadConfig {
    sileroVad: {
      model: string;
      threshold: number;
      /** Seconds. */
      minSpeechDuration: number;
      minSilenceDuration: number;
      maxSpeechDuration: number;
      /** 512 at 16 kHz; any other value ends the process. */
      windowSize: number;
    };
    sampleRate: number;
    numThreads: number;
    provider: string;
    debug: boolean;
  }

  class Vad {
    constructor(config: VadConfig, bufferSizeInSeconds: number);
    acceptWaveform(samples: Float32Array): void;
    isEmpty(): boolean;
    isDetected(): boolean;
    pop(): void;
    front(enableExternalBuffer?: boolean): { start: number; samples: Float32Array };
    reset(): void;
    clear(): void;
    flush(): void;
  }
}
