import { EarwitnessError, type Localised, primaryLanguage } from '../session/index.ts';
import { installState, loadCatalogue, type Model, modelsFor } from './catalogue.ts';
import { choicesHint, type Hub } from './hub.ts';
import { fetchCatalogued, type ModelProgress, verifyInstalled } from './models.ts';
import type { RecogniserDefinition, RecogniserId, RecogniserSetup } from './recogniser.ts';
import { registry } from './registry.ts';

/** Which recogniser is taken for a language, and why; goes into the report as it is. */
export interface RecogniserChoice {
  id: RecogniserId;
  name: string;
  version: string;
  modelHash: string | null;
  licence: string | null;
  reason: Localised;
  caveats: Localised[];
}

/** A choice with what the child needs to load it. */
export interface Chosen {
  choice: RecogniserChoice;
  /** Null for `given`: nothing is loaded. */
  setup: RecogniserSetup | null;
}

export interface ChooseOptions {
  recogniser: RecogniserId | 'auto';
  modelsDir: string;
  hub: Hub;
  threads: number;
  onModelProgress?: ((progress: ModelProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Why something that would have come first was passed over. */
type Passed = Localised;

/**
 * Takes a recogniser for recordings in a language. `auto` goes: model that is installed → model that can be fetched →
 * PocketSphinx for English → refusal. Whatever was passed over stands in `reason`: there is no silent fall.
 * @throws EarwitnessError `recogniser-missing` | `language-unsupported`, and for a recogniser asked for by name also
 *   `model-offline` | `model-unreachable` | `model-corrupt`
 */
export async function chooseRecogniser(language: string, options: ChooseOptions): Promise<Chosen> {
  switch (options.recogniser) {
    case 'given':
      return givenChoice();
    case 'sherpa':
      return (await trySherpa(language, options, [], true))!;
    case 'pocketsphinx':
      return asked(await tryPocketsphinx(language, options, []));
    case 'auto': {
      const passed: Passed[] = [];
      return (
        (await trySherpa(language, options, passed, false)) ??
        refuse(await tryPocketsphinx(language, options, passed), language, options, passed)
      );
    }
  }
}

/** The choice for a recording that came with its transcript. */
export async function givenChoice(): Promise<Chosen> {
  const { given } = registry;
  const { id, caveats } = given;
  const state = await given.check();
  if (!state.available) throw new EarwitnessError('internal', id, state.problem.en);
  return {
    setup: null,
    choice: {
      id,
      name: state.name,
      version: state.version,
      modelHash: null,
      licence: null,
      reason: {
        en: 'A transcript came with the recording and is used as it is; the sound is read for silences, overlaps and loudness.',
        zh: '录音附带转写文本，按原样使用；音频仅用于检测静音、抢话和音量。',
      },
      caveats: [...caveats],
    },
  };
}

/** Null when it cannot be had (`strict` false), with the cause in `passed`. */
async function trySherpa(
  language: string,
  options: ChooseOptions,
  passed: Passed[],
  strict: boolean,
): Promise<Chosen | null> {
  const state = await registry.sherpa.check();
  if (!state.available) {
    if (strict) throw new EarwitnessError('recogniser-missing', 'sherpa', state.problem.en, state.remedy.en);
    passed.push(state.problem);
    return null;
  }
  const models = modelsFor(loadCatalogue(options.modelsDir), language);
  if (models.length === 0) {
    if (strict)
      throw unsupported(language, 'sherpa', `the model catalogue has none for "${language}"`, options.modelsDir);
    passed.push({
      en: `the model catalogue has no sherpa model for "${language}"`,
      zh: `模型目录中没有支持“${language}”的 sherpa 模型`,
    });
    return null;
  }
  const build = async (model: Model, how: Localised): Promise<Chosen> => {
    const modelHash = await verifyInstalled(model, options.modelsDir);
    const installed = installState(model, options.modelsDir);
    if (installed.state !== 'installed')
      throw new EarwitnessError('model-corrupt', model.id, 'The model is not complete.', 'Fetch it again.');
    return {
      setup: { id: 'sherpa', model: installed.model, language, threads: options.threads },
      choice: {
        id: 'sherpa',
        name: `${state.name}, ${model.title}`,
        version: state.version,
        modelHash,
        licence: `${model.licence.name} (${model.licence.url})`,
        reason: withPassed(how, passed),
        caveats: [...registry.sherpa.caveats, ...modelCaveats(model)],
      },
    };
  };
  for (const model of models) {
    if (installState(model, options.modelsDir).state !== 'installed') continue;
    try {
      return await build(model, {
        en: `The model ${model.id} for "${language}" is installed.`,
        zh: `已安装支持“${language}”的模型 ${model.id}。`,
      });
    } catch (error) {
      if (strict || !(error instanceof EarwitnessError)) throw error;
      passed.push(quote(error));
    }
  }
  const model = models[0]!;
  try {
    await fetchCatalogued(model, options.hub, options);
    return await build(model, {
      en: `The model ${model.id} for "${language}" was fetched from ${options.hub.base}.`,
      zh: `已从 ${options.hub.base} 下载支持“${language}”的模型 ${model.id}。`,
    });
  } catch (error) {
    if (strict || !(error instanceof EarwitnessError) || error.code === 'disk-full' || options.signal?.aborted)
      throw error;
    passed.push(
      error.code === 'model-offline'
        ? {
            en: `no model for "${language}" is installed in ${options.modelsDir} and the run is offline`,
            zh: `${options.modelsDir} 中没有支持“${language}”的模型，且本次以离线方式运行`,
          }
        : quote(error),
    );
    return null;
  }
}

async function tryPocketsphinx(
  language: string,
  options: ChooseOptions,
  passed: Passed[],
): Promise<Chosen | EarwitnessError> {
  const definition: RecogniserDefinition = registry.pocketsphinx;
  if (!definition.languages.includes(primaryLanguage(language)))
    return unsupported(language, 'pocketsphinx', 'PocketSphinx has only a US English model here', options.modelsDir);
  const state = await definition.check();
  if (!state.available)
    return new EarwitnessError('recogniser-missing', 'pocketsphinx', state.problem.en, state.remedy.en);
  return {
    setup: { id: 'pocketsphinx', model: null, language, threads: options.threads },
    choice: {
      id: 'pocketsphinx',
      name: state.name,
      version: state.version,
      modelHash: await definition.modelHash(),
      licence: state.licence,
      reason: withPassed(
        options.recogniser === 'pocketsphinx'
          ? { en: 'PocketSphinx was asked for.', zh: '指定使用 PocketSphinx。' }
          : {
              en: 'PocketSphinx is taken because no better recogniser can be had.',
              zh: '没有更好的识别器可用，改用 PocketSphinx。',
            },
        passed,
      ),
      caveats: [...definition.caveats],
    },
  };
}

function asked(found: Chosen | EarwitnessError): Chosen {
  if (found instanceof EarwitnessError) throw found;
  return found;
}

function refuse(found: Chosen | EarwitnessError, language: string, options: ChooseOptions, passed: Passed[]): Chosen {
  if (!(found instanceof EarwitnessError)) return found;
  const tried = passed.map((item) => item.en).join('; ');
  throw new EarwitnessError(
    found.code,
    language,
    found.code === 'language-unsupported'
      ? `No recogniser for "${language}" can be had: ${tried}; PocketSphinx knows English only.`
      : `No recogniser can be had: ${tried}; ${found.problem.message}`,
    choicesHint(options.modelsDir, language),
  );
}

function unsupported(language: string, id: string, why: string, modelsDir: string): EarwitnessError {
  return new EarwitnessError(
    'language-unsupported',
    language,
    `The recogniser ${id} cannot do "${language}": ${why}.`,
    choicesHint(modelsDir, language),
  );
}

function modelCaveats(model: Model): Localised[] {
  if (model.wordTimes) return [];
  return [
    model.notes,
    {
      en: 'No word times: rules on "within N seconds" use the start of the stretch of speech that the words were said in.',
      zh: '没有词级时间：“N 秒内”一类规则以所在语段的开始时间为准。',
    },
  ];
}

function withPassed(how: Localised, passed: readonly Passed[]): Localised {
  if (passed.length === 0) return how;
  return {
    en: `${how.en} Passed over: ${passed.map((item) => item.en).join('; ')}.`,
    zh: `${how.zh}未能采用：${passed.map((item) => item.zh).join('；')}。`,
  };
}

const codeNames: Partial<Record<string, string>> = {
  'model-unreachable': '无法从模型站下载模型',
  'model-corrupt': '模型文件损坏',
};

function quote(error: EarwitnessError): Localised {
  const en = error.problem.message.replace(/\.$/, '');
  return { en, zh: `${codeNames[error.code] ?? '模型不可用'}（${error.problem.path}）` };
}
