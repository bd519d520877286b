// The administration in the browser: people are invited and get roles, roles are made of single
// permissions, policies and limits are set, and who may not see a part is told so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tinyPng } from '../functional/harness.mjs';
import { haveBrowser, openPage } from './browser.mjs';
import { World, password } from './world.mjs';

const skip = haveBrowser ? false : 'no Chromium';
let world;
let page;
let guest;

before(async () => {
  if (skip) return;
  world = await World.open('mira', {
    files: [['a.png', tinyPng(320, 240)]],
    env: { ANNOTATEAI_RATE_LIMIT: 'false' },
  });
  ({ page } = world);
});
after(async () => {
  await world?.close();
});

const open = (part) => page.goto(`${world.server.url}/admin/${part}`);
const organization = () => `/organizations/${world.person.organization.id}`;
const row = (name) => page.getByTestId('member-row').filter({ hasText: name });

test('a role is made of single permissions, and the matrix shows it', { skip }, async () => {
  await open('roles');
  const matrix = page.getByTestId('permission-matrix');
  await matrix.waitFor();
  assert.equal(await page.getByTestId('role-card').count(), 6);
  await page.getByTestId('new-role').click();
  await page.getByTestId('role-name').fill('Uploader');
  await page.getByRole('checkbox', { name: 'See projects' }).check();
  await page.getByRole('checkbox', { name: 'Upload and replace images' }).check();
  await page.getByTestId('save-role').click();
  await page.getByTestId('role-card').filter({ hasText: 'Uploader' }).waitFor();
  await matrix.getByRole('columnheader', { name: 'Uploader' }).waitFor();
  const upload = matrix.getByRole('row', { name: /asset_write/ });
  await upload.getByText('Uploader has it', { exact: true }).waitFor({ state: 'attached' });
  const remove = matrix.getByRole('row', { name: /asset_delete/ });
  await remove.getByText('Uploader does not have it').waitFor({ state: 'attached' });
  await upload.locator('summary').click();
  await upload.getByText('POST /projects/{id}/assets').waitFor();
});

test('someone is invited, opens the link and is a member', { skip }, async () => {
  await open('invitations');
  await page.getByTestId('invite').click();
  await page.getByTestId('invite-email').fill('noor@example.test');
  await page.getByTestId('invite-role').selectOption({ label: 'Uploader' });
  await page.getByTestId('send-invitation').click();
  const link = await page.getByTestId('invitation-link').inputValue();
  assert.match(link, /\/join#token=/);
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.getByTestId('invitation-row').filter({ hasText: 'noor@example.test' }).waitFor();
  guest = await openPage(world.browser, { expected: [/status of 4(01|03)/] });
  await guest.goto(link);
  await guest.getByRole('heading', { name: `Join ${world.person.organization.name}` }).waitFor();
  assert.ok(!guest.url().includes('token'), 'the secret leaves the address bar');
  await guest.getByTestId('join-name').fill('Noor');
  await guest.getByTestId('join-password').fill(password);
  await guest.getByTestId('join-button').click();
  await guest.waitForURL(/\/projects/);
  await guest.getByText(world.project.name).first().waitFor();
  await guest.goto(`${world.server.url}/admin/roles`);
  await guest.getByRole('heading', { name: 'Your role does not show you this' }).waitFor();
  await open('members');
  await row('Noor').getByText('noor@example.test').waitFor();
});

test('another role is given, and taken with all access', { skip }, async () => {
  await row('Noor').getByTestId('member-role').selectOption({ label: 'viewer' });
  await page.getByText('The role is changed').waitFor();
  const { body } = await world.person.api('GET', `${organization()}/members`);
  assert.equal(body.items.find((item) => item.name === 'Noor').role, 'viewer');
  await row('Noor').getByTestId('remove-member').click();
  await page.getByTestId('confirm-remove').click();
  await row('Noor').waitFor({ state: 'detached' });
  await guest.waitForTimeout(5200);
  await guest.goto(`${world.server.url}/projects`);
  await guest.getByTestId('login-button').waitFor();
});

test('who is in no organization any more comes back by an invitation', { skip }, async () => {
  await guest.getByTestId('email').fill('noor@example.test');
  await guest.getByTestId('password').fill(password);
  await guest.getByTestId('login-button').click();
  await guest.getByText('Your account is in no organization now').waitFor();
  const { body } = await world.person.api('POST', `${organization()}/invitations`, {
    json: { email: 'noor@example.test', role: 'reviewer' } });
  await guest.goto(`${world.server.url}/join#token=${body.token}`);
  await guest.getByText('This address has an account').waitFor();
  await guest.getByTestId('join-password').fill('not the password');
  await guest.getByTestId('join-button').click();
  await guest.getByText('This email and password do not match').waitFor();
  await guest.getByTestId('join-password').fill(password);
  await guest.getByTestId('join-button').click();
  await guest.waitForURL(/\/projects/);
  await guest.getByText(world.project.name).first().waitFor();
});

test('the last owner stays, and is told why', { skip }, async () => {
  await row('mira').getByTestId('member-role').selectOption({ label: 'viewer' });
  await page.getByText('An organization keeps an owner').waitFor();
  await page.reload();
  assert.equal(await row('mira').getByTestId('member-role').inputValue(), 'owner');
});

test('policies are set and kept', { skip }, async () => {
  await open('policy');
  await page.getByTestId('policy-idle').fill('30');
  await page.getByTestId('policy-domains').fill('example.test\nexample.org');
  await page.getByTestId('save-policy').click();
  await page.getByText('The policies are saved').waitFor();
  await page.reload();
  assert.equal(await page.getByTestId('policy-idle').inputValue(), '30');
  const { body } = await world.person.api('GET', `${organization()}/policy`);
  assert.deepEqual(body.policy.signup_domains, ['example.test', 'example.org']);
});

test('usage is shown, and limits hold', { skip }, async () => {
  await open('usage');
  await page.getByTestId('usage-assets').getByText('1, no limit').waitFor();
  await page.getByTestId('usage-day').first().waitFor();
  await page.getByTestId('limit-assets').fill('1');
  await page.getByTestId('save-limits').click();
  await page.getByTestId('usage-assets').getByText('1 of 1').waitFor();
  const refused = await world.server.upload(world.person, world.project.id, [
    ['b.png', tinyPng(64, 48)],
  ]);
  assert.equal(refused.status, 413, refused.text);
  assert.equal(refused.body.code, 'quota_assets');
});
