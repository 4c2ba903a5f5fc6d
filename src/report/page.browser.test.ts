import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fragment } from './html/escape.ts';
import { hostileSession, hostileText, largeBatch, sampleBatch } from './testing/sample-batch.ts';
import { silentWav } from './testing/wav.ts';
import { writeReport } from './write.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const installed = existsSync(executablePath);
if (!installed) console.warn(`Skipped: no Chromium at ${executablePath}; set CHROMIUM_PATH to test the report page.`);

it.runIf(process.env['CI'] === 'true')('has a browser in CI', () => {
  expect(installed, `Chromium is missing at ${executablePath}`).toBe(true);
});

describe.runIf(installed)('the report in a browser', () => {
  let dir: string;
  let browser: Browser;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'earwitness-page-'));
    mkdirSync(join(dir, 'recordings'));
    writeFileSync(join(dir, 'recordings', 'A-1042.wav'), silentWav(58));
    writeFileSync(join(dir, 'recordings', 'C-2001.wav'), 'this is no sound');
    const batch = sampleBatch();
    const sessions = [...batch.sessions, hostileSession()].map((session) =>
      session.recording
        ? { ...session, recording: { ...session.recording, path: join(dir, session.recording.path) } }
        : session,
    );
    await writeReport({ ...batch, title: hostileText, sessions }, { dir, language: 'en' });
    const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath, args });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Opens the page and collects everything that should not happen. */
  async function openPage(options: BrowserContextOptions = {}, hash = '') {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('dialog', (dialog) => trouble.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => trouble.push(`request: ${request.url()}`));
    const url = `${pathToFileURL(join(dir, 'report.html')).href}${hash}`;
    await page.goto(url);
    expect(trouble.splice(0)).toEqual([`request: ${url.replace(/#.*/, '')}`]);
    return { page, trouble, close: () => context.close() };
  }

  const openAll = (page: Page) => page.click('[data-do=openAll]');

  it('shows every session, loads nothing and logs nothing', async () => {
    const { page, trouble, close } = await openPage();
    expect(await page.locator('body > main > section > #list > .s').count()).toBe(16);
    const headings = await page.evaluate(
      `[...document.querySelectorAll('body > main > section > h2')].map(({ id }) => id)`,
    );
    expect(headings).toEqual([
      'items',
      'agents',
      'risk',
      'groups',
      'measures',
      'sessions',
      'failures',
      'notices',
      'method',
    ]);
    expect(await page.locator('.t').count()).toBe(0);
    await openAll(page);
    expect(await page.locator('.t').count()).toBe(sampleBatch().sessions.reduce((n, { turns }) => n + turns.length, 2));
    expect(trouble).toEqual([]);
    await close();
  });

  it('keeps hostile text inert and shows it as it was said', async () => {
    const { page, trouble, close } = await openPage();
    await openAll(page);
    const found = await page.evaluate(`({
      hacked: window.hacked,
      foreign: document.querySelectorAll('main img, main iframe, main script, svg[onload], [onmouseover], [onerror]').length,
      scripts: document.scripts.length,
      said: document.getElementById(${JSON.stringify(`${fragment(hostileSession().id)}.2`)}).querySelector('p').textContent,
      direction: getComputedStyle(document.querySelector('.said p')).unicodeBidi,
    })`);
    expect(found).toEqual({
      hacked: undefined,
      foreign: 0,
      scripts: 1,
      said: `@SUM(1+1) ${hostileText}`
        .replace('\u2028', '\n')
        .replace('\u202E', '[U+202E]')
        .replace('\u0000', '[U+0000]')
        .replace('\uD800', '\uFFFD'),
      direction: 'isolate',
    });
    expect(trouble).toEqual([]);
    await close();
  });

  it('refuses scripts, handlers and markup that did not come with the page', async () => {
    const { page, close } = await openPage();
    const blocked = await page.evaluate(`(() => {
      const script = document.createElement('script');
      try { script.textContent = 'window.hacked = 1'; document.body.append(script); } catch { /* trusted types */ }
      try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hacked=1">'); } catch { return [window.hacked, 'markup refused']; }
      return [window.hacked, 'markup taken'];
    })()`);
    expect(blocked).toEqual([undefined, 'markup refused']);
    await close();
  });

  it('speaks Chinese at a click, in lazily opened sessions too', async () => {
    const { page, trouble, close } = await openPage();
    await page.click('[data-do=language]');
    await page.click('[id="s=C-2001"] > summary');
    expect(await page.getAttribute('html', 'lang')).toBe('zh');
    const text = await page.innerText('main');
    for (const words of ['高风险会话', '一票否决', '静音', '质检评分卡', '抢话', '样本不足，不排名'])
      expect(text).toContain(words);
    expect(text).not.toMatch(/Where points are lost|Transcript|high risk/i);
    expect(await page.getAttribute('input[type=search]', 'placeholder')).toBe('搜索会话、坐席、内容……');
    expect(await page.locator('select[name=channel] option').allTextContents()).toEqual([
      '渠道：全部',
      '电话',
      '在线',
      '工单',
    ]);
    expect(trouble).toEqual([]);
    await close();
  });

  it('plays the evidence from its second', async () => {
    const { page, close } = await openPage({}, '#s=A-1042');
    await page.click('.i.fail .proof a.play >> nth=0');
    // Asked from outside: the page's own security policy forbids it to evaluate the string of a waitForFunction.
    const playedTo = () => page.evaluate<number>(`document.querySelector('audio').currentTime`);
    await expect.poll(playedTo, { timeout: 20_000 }).toBeGreaterThanOrEqual(12.4);
    expect(await playedTo()).toBeLessThan(16);
    expect(await page.locator('#trouble').isHidden()).toBe(true);
    // Half-way along the timeline is half-way through the 57.8 s of the recording.
    const box = (await page.locator('[id="s=A-1042"] svg.time').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + 80);
    await expect.poll(async () => Math.abs((await playedTo()) - 28.9), { timeout: 20_000 }).toBeLessThan(2.5);
    await close();
  });

  it('says so when a recording cannot be decoded or is gone', async () => {
    const { page, close } = await openPage({}, '#s=C-2001');
    await page.click('[id="s=C-2001"] .t a.play >> nth=1');
    await page.waitForSelector('#trouble:not([hidden])');
    expect(await page.innerText('#trouble')).toBe(
      'This recording does not play here: it is not beside the report, or the browser cannot decode it. Open it in an audio player at 00:04.0.',
    );
    await page.evaluate(`location.hash = 's=A-1043'`);
    expect(await page.innerText('[id="s=A-1043"] .note')).toContain('The recording is not beside this report.');
    await close();
  });

  it('filters by field, word and link', async () => {
    const { page, close } = await openPage();
    const shown = () => page.locator('.s:visible > summary > .id').allTextContents();
    await page.selectOption('select[name=agent]', 'Agent 23');
    await expect.poll(shown).toEqual(['A-1044', 'B-304']);
    await page.click('[data-do=clear]');
    await page.fill('input[type=search]', '电饭煲');
    await expect.poll(shown).toEqual(['C-2001']);
    await page.evaluate(`location.hash = 'item=no-hedged-answer&verdict=itemfail'`);
    await expect.poll(shown).toEqual(['A-1042', 'D-402']);
    await page.evaluate(`location.hash = 'language=fr'`);
    await expect.poll(shown).toEqual(['T-89']);
    expect(await page.innerText('#count')).toBe('1 / 16');
    await page.fill('input[type=search]', 'no such words');
    await expect.poll(() => page.locator('#none').isVisible()).toBe(true);
    await close();
  });

  it('goes through items and sessions by keys', async () => {
    const { page, trouble, close } = await openPage();
    const item = () => page.evaluate(`document.activeElement.dataset.i`);
    for (const key of ['j', 'j']) await page.keyboard.press(key);
    expect(await item()).toBe('identity-within-10s');
    expect(await page.locator('mark.lit').allTextContents()).toEqual(['full name']);
    await page.keyboard.press('k');
    expect(await item()).toBe('greeting');
    await page.keyboard.press('J');
    expect(await page.locator('.s[open] > summary > .id').allTextContents()).toEqual([hostileSession().id]);
    await page.keyboard.press('?');
    expect(await page.locator('#help').isVisible()).toBe(true);
    expect(trouble).toEqual([]);
    await close();
  });

  it('follows links from a quote to its turn and from a turn to its item', async () => {
    const { page, close } = await openPage({}, '#s=D-402');
    await page.click('[id="s=D-402"] .i.fail .proof a >> nth=0');
    await page.waitForSelector('[id="D-402.3"].flash');
    await page.click('[id="D-402.3"] .chip >> nth=0');
    expect(await page.evaluate(`document.activeElement.id`)).toMatch(/^D-402:no-/);
    await close();
  });

  it('can be read without scripts', async () => {
    const { page, close } = await openPage({ javaScriptEnabled: false });
    await page.click('[id="s=A-1042"] > summary');
    expect(await page.locator('[id="s=A-1042"] .t').count()).toBe(12);
    expect(await page.locator('[id="s=A-1042"] .i.fail').first().isVisible()).toBe(true);
    expect(await page.getAttribute('[id="s=A-1042"] .i.fail .proof a.play', 'href')).toBe(
      './recordings/A-1042.wav#t=12.4',
    );
    expect(await page.locator('.filter').isHidden()).toBe(true);
    await close();
  });

  it('fits a phone without scrolling the page sideways', async () => {
    const { page, close } = await openPage({ viewport: { width: 390, height: 844 } });
    await openAll(page);
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390);
    await close();
  });

  it.each(['light', 'dark'] as const)('keeps text readable in %s (contrast ≥ 4.5)', async (colorScheme) => {
    const { page, close } = await openPage({ colorScheme });
    await page.click('[id="s=A-1042"] > summary');
    const low = await page.evaluate(lowContrast);
    expect(low).toEqual([]);
    await close();
  });

  it('prints every session', async () => {
    const { page, close } = await openPage();
    await page.pdf({ format: 'A4' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.bar-top').isHidden()).toBe(true);
    expect(await page.locator('.sb').count()).toBe(16);
    await close();
  });

  it('opens two thousand sessions without building them all', async () => {
    await writeReport(largeBatch(2000), {
      dir: join(dir, 'large'),
      language: 'en',
      formats: ['html'],
      recordings: 'none',
    });
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(dir, 'large', 'report.html')).href);
    expect(await page.locator('.s').count()).toBe(2000);
    expect(await page.evaluate(`document.querySelectorAll('*').length`)).toBeLessThan(60_000);
    await page.selectOption('select[name=channel]', 'ticket');
    await expect.poll(() => page.innerText('#count')).toMatch(/^2\d\d \/ 2000$/);
    await page.close();
  });
});

/** Runs in the page: texts whose colour against the nearest painted ground is below 4.5 : 1 (WCAG 2.2, 1.4.3). */
const lowContrast = `(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const low = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!text || !element.checkVisibility() || element.closest('svg, select, option')) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.add(element.className + ' ' + getComputedStyle(element).color + ' ' + ratio.toFixed(2));
  }
  return [...low];
})()`;
