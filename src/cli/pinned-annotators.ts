import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Annotator, createAnnotator } from '../annotate/index.ts';
import type { ReplayTools } from '../regression/index.ts';
import { EarwitnessError, type PinnedFiles, type ReadArtefact } from '../session/index.ts';

/**
 * Finds the annotator that a result pins: the shipped one where its hash is the pinned one, else one made from the model's files
 * that the store kept, if those still make the pinned hash. Where neither does, the shipped one, whose hash then says so.
 */
export function pinnedAnnotators(artefact: ReadArtefact, folder: string): ReplayTools['annotatorFor'] {
  const shipped = createAnnotator();
  const known = new Map<string, Annotator>();
  return async (pinned, hash) => {
    if (shipped.model.hash === hash) return shipped;
    let found = known.get(hash);
    if (!found) {
      found = (pinned && (await fromStore(pinned, hash, artefact, join(folder, hash)))) ?? shipped;
      known.set(hash, found);
    }
    return found;
  };
}

async function fromStore(
  { files }: PinnedFiles,
  hash: string,
  artefact: ReadArtefact,
  modelDir: string,
): Promise<Annotator | null> {
  mkdirSync(modelDir, { recursive: true });
  for (const { path, sha256 } of files) {
    const bytes = await artefact(sha256);
    if (bytes === null) return null;
    writeFileSync(join(modelDir, basename(path)), bytes);
  }
  const annotator = createAnnotator({ modelDir });
  try {
    return annotator.model.hash === hash ? annotator : null;
  } catch (error) {
    // The model's own reader refuses what this version cannot use or what is not as its manifest says.
    if (error instanceof EarwitnessError) return null;
    throw error;
  }
}
