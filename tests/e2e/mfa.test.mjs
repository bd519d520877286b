// Second factors in the browser: an authenticator app, recovery codes, passkeys by Chromium's
// virtual authenticator at http://localhost, and the page for those who must set one up.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, root } from '../functional/harness.mjs';
import { member } from '../security/members.mjs';
import { PASSWORD, enrol, steady, totp } from '../security/second_factor.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const axe = readFileSync(path.join(root, 'web/node_modules/axe-core/axe.min.js'), 'utf8');
let server;
let browser;
let site;

before(async () => {
  if (skip) return;
  // Where people reach it must be known before it listens.
  const port = 20_000 + (process.pid % 20_000);
  site = `http://localhost:${port}`;
  server = await TestServer.start({
    port,
    env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_PUBLIC_URL: site },
  });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (options) =>
  openPage(browser, { expected: [/status of 4(01|03|09|22|29)/], ...options });

async function assertClean(page, where) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'], runOnly });
    const places = (nodes) => nodes.map((node) => node.target).join(' | ');
    return violations.map((one) => `${one.id}: ${places(one.nodes)}`);
  }, standards);
  assert.deepEqual(found, [], where);
}

// A new sign-in in a context of its own, as far as the second step.
async function firstStep(person, options) {
  const page = await open(options);
  await page.goto(`${site}/login`);
  await page.getByTestId('email').fill(person.email);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('login-button').click();
  await page.getByTestId('second-step').waitFor();
  return page;
}

async function keepCodes(page) {
  const codes = await page.getByTestId('recovery-code').allTextContents();
  await page.getByTestId('recovery-codes-kept').check();
  await page.getByTestId('recovery-codes-done').click();
  return codes;
}

async function virtualAuthenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    unverified: () =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    credentials: async () =>
      (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  };
}

test('an authenticator app, by keyboard alone, and signing in with it', { skip }, async () => {
  const person = await server.person('olga');
  const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(page, site, person.email, PASSWORD);
  await page.goto(`${site}/settings#security`);
  await page.getByTestId('totp-set-up').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.getByTestId('mfa-confirm').getByRole('alert').waitFor();
  await assertClean(page, 'the dialog that asks for proof');
  await page.getByTestId('proof-password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  const shown = await page.getByTestId('totp-key').inputValue();
  const secret = shown.replaceAll(' ', '');
  await assertClean(page, 'the dialog with the picture');
  await page.getByTestId('mfa-code').fill('000000');
  await page.keyboard.press('Enter');
  await page.getByTestId('totp-setup').getByRole('alert').waitFor();
  await steady(10_000);
  await page.getByTestId('mfa-code').fill(totp(secret, -1));
  await page.keyboard.press('Enter');
  await page.getByTestId('recovery-codes').waitFor();
  await assertClean(page, 'the recovery codes');
  await page.keyboard.press('Escape');
  await page.getByTestId('recovery-codes-copy').click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('recovery-codes-download').click(),
  ]);
  const codes = await keepCodes(page);
  assert.equal(codes.length, 10);
  assert.equal(copied, `${codes.join('\n')}\n`);
  assert.equal(readFileSync(await download.path(), 'utf8'), copied);
  await page.getByTestId('totp-remove').waitFor();
  await assertClean(page, 'the settings');
  assert.deepEqual(page.problems, []);
  await page.context().close();

  const next = await firstStep(person);
  await assertClean(next, 'the second step');
  await next.getByTestId('mfa-code').fill('111111');
  await next.keyboard.press('Enter');
  await next.getByTestId('second-step').getByRole('alert').waitFor();
  await next.getByTestId('mfa-code').fill(totp(secret));
  await next.keyboard.press('Enter');
  await next.waitForURL(/\/projects/);
  await next.context().close();
  const lost = await firstStep(person);
  await lost.getByTestId('mfa-other').click();
  await lost.getByTestId('mfa-code').fill(codes[0]);
  await lost.keyboard.press('Enter');
  await lost.waitForURL(/\/projects/);
  await lost.goto(`${site}/settings#security`);
  await lost.getByText('9 are left').waitFor();
  await lost.getByTestId('mfa-turn-off').click();
  await lost.getByTestId('proof-password').fill(PASSWORD);
  await lost.getByTestId('proof-other').click();
  await lost.getByTestId('mfa-code').fill(codes[1]);
  await lost.getByTestId('mfa-confirm-button').click();
  await lost.getByText('Two-step sign-in is off').waitFor();
  await lost.getByTestId('totp-set-up').waitFor();
  await lost.context().close();
});

test('a passkey: added, second step, alone, and removed', { skip }, async () => {
  const person = await server.person('petra');
  const page = await open();
  const device = await virtualAuthenticator(page);
  await signIn(page, site, person.email, PASSWORD);
  await page.goto(`${site}/settings#security`);
  await page.getByTestId('passkey-add').click();
  await page.getByTestId('proof-password').fill(PASSWORD);
  await page.getByTestId('mfa-confirm-button').click();
  await page.getByTestId('recovery-codes').waitFor();
  await keepCodes(page);
  await page.getByTestId('passkey').waitFor();
  const [made] = await device.credentials();
  assert.equal(made.rpId, 'localhost');
  assert.equal(made.isResidentCredential, true);
  await page.getByTestId('passkey-rename').click();
  await page.getByTestId('passkey-name').fill('Desk');
  await page.keyboard.press('Enter');
  await page.getByText('Desk').waitFor();

  // The same browser, signed out: by the passkey alone.
  await page.getByTestId('logout').click();
  await page.getByTestId('passkey-login').click();
  await page.waitForURL(/\/projects/);
  await page.goto(`${site}/settings#security`);
  await page.getByText('last used').waitFor();
  await page.getByTestId('logout').click();
  await page.waitForURL(/\/login/);
  await page.getByTestId('email').fill(person.email);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('login-button').click();
  await page.getByTestId('mfa-passkey').click();
  await page.waitForURL(/\/projects/);

  await page.goto(`${site}/settings#security`);
  await page.getByTestId('passkey-remove').click();
  await page.getByTestId('proof-password').fill(PASSWORD);
  await page.getByTestId('proof-passkey').click();
  await page.getByTestId('passkey').waitFor({ state: 'detached' });
  await page.getByTestId('logout').click();
  await page.getByTestId('passkey-login').click();
  await page.getByText('not valid').waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('who must have a second factor is led to set one up, and goes on', { skip }, async () => {
  const owner = await server.person('quentin');
  const bob = await member(server, owner, 'annotator');
  await enrol(owner);
  const policy = await owner.api('PATCH', `/organizations/${owner.organization.id}/policy`, {
    json: { mfa_required: true },
  });
  assert.equal(policy.status, 200, policy.text);
  const page = await open();
  await page.goto(`${site}/login`);
  await page.getByTestId('email').fill(bob.email);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('login-button').click();
  await page.waitForURL(/\/enrol/);
  await page.getByTestId('mfa-required').waitFor();
  await assertClean(page, 'the page for those who must');
  await page.goto(`${site}/projects`);
  await page.waitForURL(/\/enrol/);
  await page.getByTestId('totp-set-up').click();
  await page.getByTestId('proof-password').fill(PASSWORD);
  await page.getByTestId('mfa-confirm-button').click();
  const secret = (await page.getByTestId('totp-key').inputValue()).replaceAll(' ', '');
  await steady();
  await page.getByTestId('mfa-code').fill(totp(secret));
  await page.getByTestId('totp-confirm').click();
  await page.getByTestId('recovery-codes').waitFor();
  await keepCodes(page);
  await page.getByTestId('enrol-onward').click();
  await page.waitForURL(/\/projects/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('an administrator demands it and resets a member in the browser', { skip }, async () => {
  const owner = await server.person('rosa');
  const bob = await member(server, owner, 'annotator');
  await enrol(bob);
  const page = await open();
  await signIn(page, site, owner.email, PASSWORD);
  await page.goto(`${site}/admin/policy`);
  await page.getByTestId('policy-mfa').check();
  await page.getByTestId('save-policy').click();
  await page.getByText('You have no second factor yourself').waitFor();
  await page.getByTestId('policy-mfa').uncheck();
  await page.getByTestId('policy-mfa-annotator').check();
  await page.getByTestId('save-policy').click();
  await page.getByText('The policies are saved').waitFor();
  await assertClean(page, 'the policies');
  await page.goto(`${site}/admin/members`);
  await page.getByTestId('reset-mfa').click();
  await page.getByTestId('confirm-reset-mfa').click();
  await page.getByText('has no second factor any more').waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('at an address that is no name, the page says what passkeys need', { skip }, async () => {
  const plain = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  const person = await plain.person('sven');
  const page = await open();
  await signIn(page, plain.url, person.email, PASSWORD);
  await page.goto(`${plain.url}/settings#security`);
  await page.getByTestId('passkeys-unavailable').waitFor();
  assert.equal(await page.getByTestId('passkey-add').count(), 0);
  await page.context().close();
  await plain.stop();
});
