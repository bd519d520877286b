// Single sign-on in the browser: a provider is set up and tested on the page of the administration,
// people come in by it, and a policy lets them in by nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { callbackOf, startProvider } from '../security/identity_provider.mjs';
import { steady, totp } from '../security/second_factor.mjs';
import { haveBrowser, openPage } from './browser.mjs';
import { World, password } from './world.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let world;
let page;
let idp;
let subject = 'dora';
let startLink;

before(async () => {
  if (skip) return;
  world = await World.open('olga', {
    env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1' },
  });
  ({ page } = world);
  idp = await startProvider({
    callback: callbackOf(world.server),
    people: {
      dora: {
        email: 'dora@company.example',
        email_verified: true,
        name: 'Dora',
        groups: ['leads'],
      },
      emma: {
        email: 'emma@company.example',
        email_verified: true,
        name: 'Emma',
        groups: ['leads'],
      },
      fake: { email: 'fake@company.example', email_verified: false, name: 'Fake' },
    },
    who: () => subject,
  });
});
after(async () => {
  await world?.close();
  await idp?.stop();
});

const guest = (options) => openPage(world.browser, options);

test('a provider is set up, tested and switched on', { skip }, async () => {
  await page.goto(`${world.server.url}/admin/sso`);
  await page.getByTestId('add-provider').click();
  await page.getByTestId('provider-name').fill('Company');
  await page.getByTestId('oidc-issuer').fill(idp.issuer);
  await page.getByTestId('oidc-client').fill('annotateai');
  await page.getByTestId('provider-secret').fill('a secret of the client');
  await page.getByLabel('Claim with the groups').fill('groups');
  await page.getByTestId('add-rule').click();
  await page.getByTestId('role-rule').getByLabel('Group').fill('leads');
  await page.getByTestId('role-rule').getByLabel('Role').selectOption('manager');
  await page.getByTestId('save-provider').click();
  const card = page.getByTestId('provider');
  await card.getByText(callbackOf(world.server)).waitFor();
  startLink = await card.getByText(/\/auth\/sso\/.*\/start$/).textContent();
  await card.getByTestId('test-provider').click();
  await page.getByTestId('test-step').nth(2).waitFor();
  assert.equal(await page.locator('[data-testid=test-step][data-ok=true]').count(), 3);
  await page.keyboard.press('Escape');
  await card.getByTestId('turn-provider').click();
  await card.getByText('On', { exact: true }).waitFor();
});

test('someone comes in by it, where he wanted to be', { skip }, async () => {
  const other = await guest();
  await other.goto(`${startLink}?return_to=/settings`);
  await other.waitForURL(`${world.server.url}/settings`);
  const me = await other.evaluate(async () => (await fetch('/api/v1/auth/me')).json());
  assert.equal(me.user.email, 'dora@company.example');
  assert.equal(me.organization.role, 'manager');
  assert.deepEqual(other.problems, []);
  await other.context().close();
});

test('who must have a second factor sets one up without a password', { skip }, async () => {
  const { server, person } = world;
  const policy = (json) =>
    person.api('PATCH', `/organizations/${person.organization.id}/policy`, { json });
  assert.equal((await policy({ mfa_roles: ['manager'] })).status, 200);
  subject = 'emma';
  const first = await guest({ expected: [/status of 403/] });
  await first.goto(startLink);
  await first.waitForURL(/\/enrol/);
  await first.getByTestId('totp-set-up').click();
  await first.getByTestId('mfa-confirm-button').click();
  const secret = (await first.getByTestId('totp-key').inputValue()).replaceAll(' ', '');
  await steady();
  await first.getByTestId('mfa-code').fill(totp(secret, -1));
  await first.getByTestId('totp-confirm').click();
  await first.getByTestId('recovery-codes-kept').check();
  await first.getByTestId('recovery-codes-done').click();
  await first.getByTestId('enrol-onward').click();
  await first.waitForURL(/\/projects/);
  await first.context().close();
  const second = await guest();
  await second.goto(`${startLink}?return_to=/settings`);
  await second.getByTestId('second-step').waitFor();
  await steady();
  await second.getByTestId('mfa-code').fill(totp(secret));
  await second.keyboard.press('Enter');
  await second.waitForURL(`${server.url}/settings`);
  assert.deepEqual([...first.problems, ...second.problems], []);
  await second.context().close();
  assert.equal((await policy({ mfa_roles: [] })).status, 200);
  subject = 'dora';
});

test('who is refused is told why in words', { skip }, async () => {
  subject = 'fake';
  const other = await guest();
  await other.goto(startLink);
  await other.getByText('The provider has not confirmed your email address.').waitFor();
  assert.deepEqual(other.problems, []);
  await other.context().close();
  subject = undefined;
  const third = await guest();
  await third.goto(startLink);
  await third.getByText('The provider did not confirm who you are.').waitFor();
  subject = 'dora';
  await third.context().close();
});

test('a policy that wants the provider leads there from the password', { skip }, async () => {
  const { server, person } = world;
  const email = 'ute@company.example';
  const invited = await person.api('POST', `/organizations/${person.organization.id}/invitations`, {
    json: { email, role: 'viewer' },
  });
  const joined = await server.call('POST', '/auth/join', {
    json: { token: invited.body.token, name: 'Ute', password },
  });
  assert.equal(joined.status, 201, joined.text);
  await page.goto(`${server.url}/admin/policy`);
  await page.getByTestId('policy-sso').check();
  await page.getByTestId('save-policy').click();
  await page.getByText('The policies are saved').waitFor();
  const other = await guest({ expected: [/status of 403/] });
  await other.goto(`${server.url}/login`);
  await other.getByTestId('email').fill(email);
  await other.getByTestId('password').fill(password);
  await other.getByTestId('login-button').click();
  await other.getByTestId('sso-continue').click();
  await other.waitForURL(`${server.url}/projects`);
  assert.deepEqual(other.problems, []);
  await other.context().close();
});
