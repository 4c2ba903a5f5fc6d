// Installs the Debian packages that the demo or the tests need, when it may; otherwise names them in one message.
// Plain JavaScript without dependencies, because it runs before anything else.
//   node scripts/setup.mjs demo | test | bench
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const onPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** What each purpose needs: a test that it is there, the Debian packages that bring it, what for, and where else to get it. */
const needs = {
  demo: [
    {
      there: () => onPath('ffmpeg') && onPath('ffprobe'),
      packages: ['ffmpeg'],
      why: 'reads mp3, m4a, amr, gsm and other recordings',
    },
    {
      there: () => onPath('pocketsphinx_batch') && existsSync('/usr/share/pocketsphinx/model/en-us/en-us'),
      packages: ['pocketsphinx', 'pocketsphinx-en-us'],
      why: 'recognises English when no speech model can be fetched',
    },
  ],
  test: [
    {
      there: () => onPath('chromium') || onPath('google-chrome'),
      packages: ['chromium'],
      why: 'opens the report as a reader would',
    },
    {
      there: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
      packages: ['fonts-noto-cjk'],
      why: 'draws Chinese in screenshots',
    },
    {
      there: () =>
        ['flite', 'festival', 'espeak-ng'].every(onPath) &&
        existsSync('/usr/share/festival/voices/us/cmu_us_slt_arctic_hts'),
      packages: ['flite', 'festival', 'festvox-us-slt-hts', 'festvox-kallpc16k', 'espeak-ng'],
      why: 'speak the scripts of the sample calls',
    },
  ],
};
needs.test.unshift(...needs.demo);
needs.bench = [
  ...needs.demo,
  { there: () => onPath('rg'), packages: ['ripgrep'], why: 'is what the search for phrases is measured against' },
];

/** Installs what `purpose` lacks, when allowed to. Returns the needs that are still missing. */
export function setUp(purpose, log = console.error) {
  const missing = needs[purpose].filter((need) => !need.there());
  if (missing.length === 0) return [];
  const packages = missing.flatMap((need) => need.packages);
  const root = process.getuid?.() === 0;
  const sudo = !root && onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  if (process.env.EARWITNESS_NO_INSTALL !== '1' && onPath('apt-get') && (root || sudo)) {
    log(`Installing Debian packages: ${packages.join(' ')} (set EARWITNESS_NO_INSTALL=1 to prevent this)`);
    const apt = (...args) => {
      const command = [
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        '-qq',
        '-o',
        'DPkg::Lock::Timeout=120',
        ...args,
      ];
      const [program, ...rest] = root ? command : ['sudo', '-n', ...command];
      const run = spawnSync(program, rest, { encoding: 'utf8', timeout: 600_000 });
      if (run.status !== 0)
        log(
          `apt-get ${args[0]} failed:\n${(run.stderr || run.stdout || String(run.error)).trim().split('\n').slice(-5).join('\n')}`,
        );
      return run.status === 0;
    };
    const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
    // A machine with fresh package lists is spared the update.
    if (!install()) apt('update') && install();
  }
  return missing.filter((need) => !need.there());
}

/** One message that names everything missing and how to get it. */
export function describeMissing(missing) {
  const packages = missing.flatMap((need) => need.packages);
  return [
    'Missing on this machine:',
    ...missing.map((need) => `  ${need.packages.join(' ')} – ${need.why}`),
    `Install with: sudo apt-get install ${packages.join(' ')}`,
    '(elsewhere: the packages of the same names of your system, e.g. brew install ffmpeg cmu-pocketsphinx)',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const purpose = process.argv[2] ?? 'demo';
  if (!(purpose in needs)) {
    console.error(`setup: say what for: ${Object.keys(needs).join(' or ')}`);
    process.exit(2);
  }
  const missing = setUp(purpose);
  // The tests skip with a line what they cannot run; the demo goes on with what there is. Only CI insists.
  if (missing.length > 0) {
    console.error(describeMissing(missing));
    if (process.env.CI === 'true') process.exit(1);
  }
}
