import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServerConfig } from '../config.ts';
import { openServer, type Server } from '../serve.ts';

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const installed = existsSync(executablePath);
if (!installed) console.warn(`Skipped: no Chromium at ${executablePath}; set CHROMIUM_PATH to test the front page.`);

it.runIf(process.env['CI'] === 'true')('has a browser in CI', () => {
  expect(installed, `Chromium is missing at ${executablePath}`).toBe(true);
});

describe.runIf(installed)('the front page', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'earwitness-front-'));
  const password = 'a long enough pass phrase';
  let server: Server;
  let browser: Browser;
  let page: Page;
  const trouble: string[] = [];

  beforeAll(async () => {
    const overrides = {
      dataDir,
      port: 0,
      publicUrl: 'http://127.0.0.1:0',
      workers: 1,
      offline: true,
      logLevel: 'silent',
    };
    server = await openServer(readServerConfig({}, { overrides }), { rulesDir: root('rules') });
    const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath, args });
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    page.on('console', (message) => trouble.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => trouble.push(error.message));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('leads from the link on the console to the first account', async () => {
    await page.goto(server.setUpUrl!);
    expect(await page.inputValue('#setup [name=token]')).toHaveLength(32);
    await page.fill('#setup [name=name]', '李伟 <b>');
    await page.fill('#setup [name=login]', 'li');
    await page.fill('#setup [name=password]', password);
    await page.click('#setup button');
    await page.waitForSelector('#work:not([hidden])');
    expect(await page.innerText('#who')).toBe('李伟 <b>');
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe('/');
  });

  it('takes files, shows how far they are, and names what could not be read', async () => {
    const files = ['fixtures/batches/demo/chats/2026-03-03.jsonl', 'package.json'];
    await page.setInputFiles('#files', files.map(root));
    await page.fill('#upload [name=title]', '<i>First</i>');
    await page.click('#upload button.main');
    await expect.poll(() => page.innerText('#sent'), { timeout: 20_000 }).toBe('2 file(s) taken in');
    await expect.poll(() => page.innerText('#batches tbody'), { timeout: 40_000 }).toMatch(/\bdone\b/);
    const row = await page.innerText('#batches tbody tr');
    expect(row).toContain('<i>First</i>');
    expect(row).toContain('4 / 4');
    expect(row).toContain('package.json: No conversation is found in this JSON');
    await expect.poll(() => page.innerText('#risky tbody')).toContain('chat-05-angry');
  });

  it('opens the report of the batch and the scorecard of a session', async () => {
    for (const [link, words] of [
      ['#batches td.links a >> nth=0', '<i>First</i>'],
      ['#risky td.links a >> nth=0', 'chat-05-angry'],
    ] as const) {
      const [opened] = await Promise.all([page.context().waitForEvent('page'), page.click(link)]);
      await opened.waitForLoadState();
      await expect.poll(() => opened.innerText('main')).toContain(words);
      await opened.close();
    }
  });

  it('speaks Chinese at a click, and lets in only who knows the password', async () => {
    await page.click('#language');
    await expect.poll(() => page.innerText('#batches')).toMatch(/已完成/);
    expect(await page.innerText('main')).not.toMatch(/Hear these first|Upload and inspect/);
    await page.click('#leave');
    await page.fill('#login [name=login]', 'li');
    await page.fill('#login [name=password]', 'not the pass phrase');
    await page.click('#login button');
    await page.waitForSelector('#login .problem:not([hidden])');
    expect(await page.isHidden('#work')).toBe(true);
    await page.fill('#login [name=password]', password);
    await page.click('#login button');
    await page.waitForSelector('#work:not([hidden])');
    // The browser itself notes what the server refused: nobody was logged in yet, and the wrong password.
    expect(trouble.filter((line) => !/status of 401/.test(line))).toEqual([]);
  });
});
