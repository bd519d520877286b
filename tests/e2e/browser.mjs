// Debian's Chromium through playwright-core, which is installed for the web UI.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { root } from '../functional/harness.mjs';

const require = createRequire(path.join(root, 'web/package.json'));
const { chromium } = require('playwright-core');

export const executablePath = process.env.ANNOTATEAI_TEST_CHROMIUM ?? '/usr/bin/chromium';
export const haveBrowser = existsSync(executablePath);

export async function openBrowser() {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic',
    '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync'] });
}

// A page whose `problems` hold every console error, uncaught error, CSP report and dialog of the
// browser; those that match one of `expected` are left out.
export async function openPage(browser, { expected = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 },
    acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.problems = [];
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  page.on('dialog', (dialog) => {
    page.problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => page.problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    const known = [/status of 401/, ...expected].some((one) => one.test(text));
    if (message.type() === 'error' && !known) page.problems.push(text);
    if (/Content Security Policy/i.test(text)) page.problems.push(text);
  });
  return page;
}

export async function signIn(page, url, email, password) {
  await page.goto(`${url}/login`);
  await page.getByTestId('email').fill(email);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('login-button').click();
  await page.waitForURL(/\/projects/);
}
