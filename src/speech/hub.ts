import { EarwitnessError } from '../session/index.ts';

export const defaultHub = 'https://huggingface.co';

const reachTimeoutMs = 5_000;

/**
 * The choices that are left when no model can be fetched; one sentence, used wherever that happens. PocketSphinx is no
 * advice for a language that it does not know.
 */
export function choicesHint(modelsDir: string, language = 'en'): string {
  const others =
    `put the model's files into ${modelsDir}/<model id>/ (names and addresses: \`earwitness models list\`), or deliver ` +
    `transcripts with the recordings. Another hub is set with EARWITNESS_MODEL_HUB.`;
  return /^en(-|$)/.test(language)
    ? `Either install PocketSphinx for English (apt-get install pocketsphinx pocketsphinx-en-us), or ${others}`
    : `Either ${others}`;
}

/** The place that models are fetched from. Whether it answers is asked once and remembered for the run. */
export interface Hub {
  base: string;
  offline: boolean;
  /** Address of a catalogue file. */
  address(url: string): string;
  /** @throws EarwitnessError `model-offline` when the run is offline, `model-unreachable` when the hub is silent. */
  ensureReachable(modelsDir: string): Promise<void>;
}

/**
 * @param base Address of the hub, without a trailing slash; default the variable EARWITNESS_MODEL_HUB, then the
 *   publisher's hub.
 */
export function createHub(options: { offline: boolean; base?: string | undefined }): Hub {
  const base = (options.base ?? (process.env.EARWITNESS_MODEL_HUB || defaultHub)).replace(/\/+$/, '');
  let reached: Promise<string | null> | null = null;
  return {
    base,
    offline: options.offline,
    address: (url) => (/^https?:\/\//.test(url) ? url : `${base}/${url}`),
    async ensureReachable(modelsDir) {
      if (options.offline)
        throw new EarwitnessError(
          'model-offline',
          base,
          'The run is offline: no model is fetched.',
          choicesHint(modelsDir),
        );
      reached ??= probe(base);
      const reason = await reached;
      if (reason !== null)
        throw new EarwitnessError(
          'model-unreachable',
          base,
          `The model hub ${base} cannot be reached (${reason}).`,
          choicesHint(modelsDir),
        );
    },
  };
}

/** Null when anything answers there, else why not. */
async function probe(base: string): Promise<string | null> {
  try {
    const response = await fetch(base, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(reachTimeoutMs),
    });
    await response.body?.cancel();
    return response.status < 500 ? null : `it answers with status ${response.status}`;
  } catch (error) {
    return networkReason(error);
  }
}

/** The innermost cause of a failed request in a few words: `connection refused`, `no answer within 5 s`. */
export function networkReason(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${reachTimeoutMs / 1000} s`;
  let inner: unknown = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const code = (inner as { code?: unknown } | null)?.code;
  const known: Record<string, string> = {
    ECONNREFUSED: 'connection refused',
    ENOTFOUND: 'name not found',
    EAI_AGAIN: 'name not found',
    ECONNRESET: 'connection broken',
    ETIMEDOUT: 'no answer in time',
    UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
    UND_ERR_SOCKET: 'connection broken',
  };
  if (typeof code === 'string') return known[code] ?? code;
  return inner instanceof Error ? inner.message : String(inner);
}
