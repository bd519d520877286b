// A forgotten password, an address that is confirmed and one that moves, and the proof before
// sensitive changes, in the browser and through the letters in the outbox.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TestServer } from '../functional/harness.mjs';
import { lettersTo, linkIn } from '../functional/outbox.mjs';
import { typeSql } from '../security/world.mjs';
import { haveBrowser, openBrowser, openPage, signIn } from './browser.mjs';

const skip = haveBrowser ? false : 'no Chromium';
const password = 'a good long password';
let server;
let browser;

before(async () => {
  if (skip) return;
  server = await TestServer.start({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const openGuest = () => openPage(browser, { expected: [/status of 4(00|01|03|22)/] });

test('a forgotten password is set by the link of a letter, once', { skip }, async () => {
  const person = await server.person('rhea');
  const page = await openGuest();
  await page.goto(`${server.url}/login`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByTestId('email').fill(person.email);
  await page.getByTestId('forgot-button').click();
  await page.getByText('the link is on its way').waitFor();
  const [letter] = await lettersTo(server, person.email, 'set a new password');
  await page.goto(linkIn(letter));
  await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
  assert.equal(await page.evaluate(() => window.location.hash), '', 'no secret stays in the bar');
  await page.getByTestId('new-password').fill('password1');
  await page.getByTestId('strength').getByText(/Guessed at once|Easy to guess/).waitFor();
  await page.getByTestId('reset-button').click();
  await page.getByText('is among the commonest ones').waitFor();
  await page.getByTestId('new-password').fill('seven horses eat purple staples');
  await page.getByTestId('strength').getByText('Strong').waitFor();
  await page.getByTestId('reset-button').click();
  await page.getByText('Your password is set').waitFor();
  await signIn(page, server.url, person.email, 'seven horses eat purple staples');
  const late = await openGuest();
  await late.goto(linkIn(letter));
  await late.getByTestId('new-password').fill('nine whales sing about tea');
  await late.getByTestId('reset-button').click();
  await late.getByText('This link has been used').waitFor();
  await late.context().close();
  await page.context().close();
});

test('an address is confirmed by its letter', { skip }, async () => {
  const person = await server.person('sol');
  const page = await openGuest();
  await signIn(page, server.url, person.email, password);
  await page.goto(`${server.url}/settings#email`);
  await page.getByText('Not confirmed').waitFor();
  await page.getByTestId('send-verification').click();
  await page.getByText('The link is on its way').waitFor();
  const letters = await lettersTo(server, person.email, 'confirm your', 2);
  await page.goto(linkIn(letters[1]));
  await page.getByTestId('confirm-email').click();
  await page.getByText(`${person.email} is confirmed.`).waitFor();
  await page.goto(`${server.url}/settings#email`);
  await page.getByText('Confirmed', { exact: true }).waitFor();
  await page.context().close();
});

test('a change of address asks who is there, and goes on after that', { skip }, async () => {
  const person = await server.person('tao');
  const page = await openGuest();
  await signIn(page, server.url, person.email, password);
  typeSql(server, 'update sessions set authenticated_at = authenticated_at - 301000000');
  await page.waitForTimeout(5500); // until the server looks at the session again
  await page.goto(`${server.url}/settings#email`);
  await page.getByTestId('new-email').fill('tao@elsewhere.test');
  await page.getByTestId('change-email').click();
  await page.getByTestId('proof').waitFor();
  await page.getByTestId('proof-password').fill('wrong');
  await page.getByTestId('proof-button').click();
  await page.getByTestId('proof').getByRole('alert').waitFor();
  await page.getByTestId('proof-password').fill(password);
  await page.getByTestId('proof-button').click();
  await page.getByText('Open the link that was sent to tao@elsewhere.test').waitFor();
  const [letter] = await lettersTo(server, 'tao@elsewhere.test', 'confirm your new');
  await page.goto(linkIn(letter));
  await page.getByTestId('confirm-email').click();
  await page.getByText('tao@elsewhere.test is confirmed.').waitFor();
  await page.context().close();
});

test('a proof that is not given changes nothing', { skip }, async () => {
  const person = await server.person('uma');
  const page = await openGuest();
  await signIn(page, server.url, person.email, password);
  typeSql(server, 'update sessions set authenticated_at = authenticated_at - 301000000');
  await page.waitForTimeout(5500);
  await page.goto(`${server.url}/settings#email`);
  await page.getByTestId('new-email').fill('uma@elsewhere.test');
  await page.getByTestId('change-email').click();
  await page.getByTestId('proof').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('proof').waitFor({ state: 'detached' });
  await page.getByText('your last sign-in is too long ago').waitFor();
  await page.context().close();
});

test('where an address must be confirmed, the pages say so', { skip }, async () => {
  const strict = await TestServer.start({
    env: { ANNOTATEAI_RATE_LIMIT: 'false', ANNOTATEAI_REQUIRE_VERIFIED_EMAIL: 'true' },
  });
  const person = await strict.person('vik');
  const page = await openGuest();
  await page.goto(`${strict.url}/login`);
  await page.getByTestId('email').fill(person.email);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('login-button').click();
  await page.getByTestId('verify-email').getByText(person.email).waitFor();
  const [letter] = await lettersTo(strict, person.email, 'confirm your');
  await page.goto(linkIn(letter));
  await page.getByTestId('confirm-email').click();
  await page.getByRole('link', { name: 'Go to your projects' }).click();
  await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  assert.equal(await page.getByTestId('verify-email').count(), 0);
  await page.context().close();
  await strict.stop();
});
