import type { Localised } from '../session/index.ts';
import { choicesHint } from './hub.ts';
import { listModels } from './models.ts';
import type { RecogniserId } from './recogniser.ts';
import { registry } from './registry.ts';

/** One row of `earwitness doctor`. */
export interface RecogniserRow {
  id: RecogniserId;
  /** Ready to recognise now, without any download. */
  available: boolean;
  name: string | null;
  version: string | null;
  /** Languages that it can do now, by primary subtag; null where that is no question (given transcripts). */
  languages: string[] | null;
  installedModels: string[];
  caveats: Localised[];
  /** What keeps it from working, and what to do; null when it works. */
  problem: Localised | null;
  remedy: Localised | null;
}

/** The state of every recogniser on this machine. Loads no native code and never touches the network. */
export async function describeRecognisers(options: { modelsDir: string }): Promise<RecogniserRow[]> {
  const installed = listModels(options).filter((model) => model.state === 'installed');
  const rows: RecogniserRow[] = [];
  for (const definition of Object.values(registry)) {
    const state = await definition.check();
    const usesCatalogue = definition.id === 'sherpa';
    const models = usesCatalogue ? installed : [];
    const needsModel = usesCatalogue && models.length === 0;
    const own = definition.languages === 'catalogue' ? null : [...definition.languages];
    const languages = usesCatalogue ? [...new Set(models.flatMap((model) => model.languages))] : own;
    const fault = state.available ? (needsModel ? noModel(options.modelsDir) : null) : state;
    rows.push({
      id: definition.id,
      available: state.available && !needsModel,
      name: state.available ? state.name : null,
      version: state.available ? state.version : null,
      languages: state.available ? languages : own && [],
      installedModels: models.map((model) => model.id),
      caveats: [...definition.caveats],
      problem: fault?.problem ?? null,
      remedy: fault?.remedy ?? null,
    });
  }
  return rows;
}

function noModel(modelsDir: string): { problem: Localised; remedy: Localised } {
  return {
    problem: {
      en: `No model is installed in ${modelsDir}.`,
      zh: `${modelsDir} 中没有已安装的模型。`,
    },
    remedy: {
      en: `Run \`earwitness models fetch <id>\`. ${choicesHint(modelsDir)}`,
      zh: `运行 \`earwitness models fetch <id>\`；或把模型文件放入 ${modelsDir}/<模型名>/；英语也可安装 PocketSphinx（apt-get install pocketsphinx pocketsphinx-en-us）；或随录音提供转写文本。`,
    },
  };
}
