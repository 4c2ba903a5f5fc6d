import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { createAnnotator } from '../../annotate/index.ts';
import { engine } from '../../pipeline/index.ts';
import { loadScorecard } from '../../scorecard/index.ts';
import { type Localised, toProblem, type UiLanguage } from '../../session/index.ts';
import { describeRecognisers } from '../../speech/index.ts';
import { openRunStore } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { packageFile } from '../package-files.ts';

interface Check {
  name: Localised;
  /** `missing` keeps the product from working at all, `lacking` only takes something from it. */
  state: 'ready' | 'lacking' | 'missing';
  detail: Localised;
}

const same = (text: string): Localised => ({ en: text, zh: text });

/** `earwitness doctor`: what this machine can do, and what to do about the rest. */
export function doctorCommand(report: (status: number) => void): Command {
  return new Command('doctor')
    .description('Say what works on this machine and how to get the rest.')
    .option('--models-dir <folder>', 'where speech models are kept (default: models/cache)')
    .addOption(new Option('--ui-language <tag>', 'language of the answer').choices(['en', 'zh']).default('en'))
    .option('--json', 'print the checks as JSON', false)
    .action(async (options: { modelsDir?: string; uiLanguage: UiLanguage; json: boolean }) => {
      const checks = await examine(options.modelsDir ?? packageFile('models', 'cache'));
      if (options.json) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
      else process.stdout.write(`${engine}\n${checks.map((check) => line(check, options.uiLanguage)).join('\n')}\n`);
      report(checks.some((check) => check.state === 'missing') ? exitStatus.couldNotRun : exitStatus.clean);
    });
}

const signs = { ready: '●', lacking: '◆', missing: '■' } as const;

function line(check: Check, language: UiLanguage): string {
  return `${signs[check.state]} ${check.name[language]}: ${check.detail[language]}`;
}

async function examine(modelsDir: string): Promise<Check[]> {
  return [
    node(),
    ffmpeg(),
    await guarded(same('SQLite'), sqlite),
    ...(await recognisers(modelsDir)),
    await sentiment(),
    ...(await scorecards()),
  ];
}

/** A part that throws is missing, with its own message. */
async function guarded(name: Localised, work: () => Localised | Promise<Localised>): Promise<Check> {
  try {
    return { name, state: 'ready', detail: await work() };
  } catch (error) {
    const { message, hint } = toProblem(error, '');
    return { name, state: 'missing', detail: same(hint ? `${message} ${hint}` : message) };
  }
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return {
    name: same('Node'),
    state: fits ? 'ready' : 'missing',
    detail: fits
      ? same(process.version)
      : { en: `${process.version}; 20.19 or newer is needed`, zh: `${process.version}，需要 20.19 或更新版本` },
  };
}

function ffmpeg(): Check {
  const program = process.env['EARWITNESS_FFMPEG'] ?? 'ffmpeg';
  const run = spawnSync(program, ['-hide_banner', '-version'], { encoding: 'utf8', timeout: 10_000 });
  if (run.status === 0)
    return {
      name: same('ffmpeg'),
      state: 'ready',
      detail: same(run.stdout.split('\n', 1)[0]!.replace(/ Copyright.*/, '')),
    };
  return {
    name: same('ffmpeg'),
    state: 'lacking',
    detail: {
      en: 'not found; WAV, mp3 and opus can still be read. Install it with: apt-get install ffmpeg',
      zh: '未找到；仍可读取 WAV、mp3 与 opus。安装：apt-get install ffmpeg',
    },
  };
}

function sqlite(): Localised {
  const folder = mkdtempSync(join(tmpdir(), 'earwitness-doctor-'));
  try {
    const store = openRunStore(join(folder, 'state.sqlite'));
    store.put('key', 'session', { works: true });
    const works = store.get('key') !== null;
    store.close();
    if (!works) throw new Error('What was written could not be read again.');
    return { en: 'writes and reads', zh: '读写正常' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recognisers(modelsDir: string): Promise<Check[]> {
  const rows = await describeRecognisers({ modelsDir });
  return rows.map((row): Check => {
    const name = { en: `Recogniser ${row.id}`, zh: `语音识别 ${row.id}` };
    if (!row.available) {
      const detail = {
        en: [row.problem?.en, row.remedy?.en].filter(Boolean).join(' '),
        zh: [row.problem?.zh, row.remedy?.zh].filter(Boolean).join(''),
      };
      return { name, state: 'lacking', detail };
    }
    const languages = row.languages && row.languages.length > 0 ? ` (${row.languages.join(', ')})` : '';
    return { name, state: 'ready', detail: same(`${row.name ?? row.id} ${row.version ?? ''}${languages}`.trim()) };
  });
}

function sentiment(): Promise<Check> {
  return guarded({ en: 'Sentiment model', zh: '情感模型' }, () => {
    const { model } = createAnnotator();
    return same(`${model.id} ${model.version}`);
  });
}

async function scorecards(): Promise<Check[]> {
  const names = ['service.en.yaml', 'service.zh.yaml'].filter((name) => existsSync(packageFile('rules', name)));
  return Promise.all(
    names.map((name) =>
      guarded({ en: `Scorecard ${name}`, zh: `评分卡 ${name}` }, async () => {
        const card = await loadScorecard(packageFile('rules', name));
        return same(`${card.ref.id} v${card.ref.version} · ${card.ref.hash.slice(0, 12)}`);
      }),
    ),
  );
}
