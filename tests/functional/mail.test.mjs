// Letters by SMTP, against the real server of the npm package smtp-server: TLS, certificates,
// passwords, servers that are away or refuse, and what people write that is no header.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { TestServer, root } from './harness.mjs';
import { parseLetter } from './outbox.mjs';

const packages = path.join(root, 'tests/security/package.json');
const installed = existsSync(path.join(root, 'tests/security/node_modules/smtp-server'));
const skip = installed ? false : 'smtp-server is not installed: npm ci in tests/security';
const { SMTPServer } = installed ? createRequire(packages)('smtp-server') : {};
let folder;
const keyOf = (name) => path.join(folder, `${name}.key`);
const certificateOf = (name) => path.join(folder, `${name}.pem`);

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aa-mail-'));
  for (const name of ['localhost', 'elsewhere.test']) {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
      'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext',
      `subjectAltName=DNS:${name}`, '-keyout', keyOf(name), '-out', certificateOf(name)],
    { stdio: 'ignore' });
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

// A mail server that keeps what it takes.
async function mailServer({ name = 'localhost', ...options } = {}, port = 0) {
  const taken = [];
  const logins = [];
  const server = new SMTPServer({
    key: readFileSync(keyOf(name)),
    cert: readFileSync(certificateOf(name)),
    authOptional: true,
    onAuth(auth, session, done) {
      logins.push({ user: auth.username, password: auth.password, secure: session.secure });
      if (auth.username === 'us' && auth.password === 'secret') done(null, { user: 'us' });
      else done(new Error('no'));
    },
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({ ...parseLetter(Buffer.concat(chunks).toString('latin1')),
          from: mailFrom.address, to: rcptTo.map((one) => one.address),
          secure: session.secure, user: session.user });
        done();
      });
    },
    logger: false,
    ...options,
  });
  server.on('error', () => {});
  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return { server, taken, logins, port: server.server.address().port,
    close: () => new Promise((resolve) => { server.close(resolve); }) };
}

const settings = (port, more = {}) => ({
  ANNOTATEAI_SMTP_URL: `smtp://localhost:${port}`,
  ANNOTATEAI_SMTP_CA: certificateOf('localhost'),
  ANNOTATEAI_MAIL_FROM: 'Our Labels <no-reply@labels.example.org>',
  ANNOTATEAI_LOG_LEVEL: 'warning',
  ...more,
});

async function until(what, check, timeoutMs = 15_000) {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

test('a letter goes under TLS, with a password, to the one it is for', { skip }, async () => {
  const mail = await mailServer();
  const env = settings(mail.port,
    { ANNOTATEAI_SMTP_USER: 'us', ANNOTATEAI_SMTP_PASSWORD: 'secret' });
  const server = await TestServer.start({ env });
  const person = await server.person('jo');
  await until('the letter', () => mail.taken.length > 0);
  const [letter] = mail.taken;
  assert.deepEqual(letter.to, [person.email]);
  assert.equal(letter.from, 'no-reply@labels.example.org');
  assert.equal(letter.headers.from, '"Our Labels" <no-reply@labels.example.org>');
  assert.equal(letter.secure, true);
  assert.equal(letter.user, 'us');
  assert.match(letter.text, /^Hello jo,\n\n/);
  assert.match(letter.text, /^http:\/\/127\.0\.0\.1:\d+\/confirm-email#token=[\w-]{43}$/m);
  assert.ok(!existsSync(path.join(server.data, 'outbox')));
  assert.deepEqual((await person.api('GET', '/jobs')).body.items, []);
  await server.stop();
  await mail.close();
});

test('TLS from the first byte', { skip }, async () => {
  const mail = await mailServer({ secure: true });
  const env = settings(mail.port, { ANNOTATEAI_SMTP_URL: `smtps://localhost:${mail.port}` });
  const server = await TestServer.start({ env });
  await server.person();
  await until('the letter', () => mail.taken.length > 0);
  assert.equal(mail.taken[0].secure, true);
  await server.stop();
  await mail.close();
});

for (const [what, options, vouched] of [
  ['that offers no TLS', { disabledCommands: ['STARTTLS'] }, 'localhost'],
  ['whose certificate nobody vouches for', {}, ''],
  ['of another name', { name: 'elsewhere.test' }, 'elsewhere.test'],
]) {
  test(`a mail server ${what} gets neither letter nor password`, { skip }, async () => {
    const mail = await mailServer(options);
    const env = settings(mail.port, {
      ANNOTATEAI_SMTP_USER: 'us',
      ANNOTATEAI_SMTP_PASSWORD: 'secret',
      ANNOTATEAI_SMTP_CA: vouched === '' ? '' : certificateOf(vouched),
    });
    const server = await TestServer.start({ env });
    await server.person();
    await until('a failure', () => server.stderr.includes('mail_unavailable'));
    assert.equal(mail.taken.length, 0);
    assert.deepEqual(mail.logins, []);
    assert.ok(!server.stderr.includes('secret'));
    await server.stop();
    await mail.close();
  });
}

test('a letter waits for a server that is away, over a restart too', { skip }, async () => {
  const mail = await mailServer();
  const { port } = mail;
  await mail.close();
  const env = settings(port);
  const data = mkdtempSync(path.join(tmpdir(), 'aa-mail-data-'));
  const first = await TestServer.start({ env, data });
  const person = await first.person();
  await until('a failure', () => first.stderr.includes('mail_unavailable'));
  await first.stop();
  const back = await mailServer({}, port);
  const second = await TestServer.start({ env, data });
  await until('the letter', () => back.taken.length > 0, 30_000);
  assert.deepEqual(back.taken[0].to, [person.email]);
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  assert.equal(back.taken.length, 1, 'once');
  await second.stop();
  await back.close();
  rmSync(data, { recursive: true, force: true });
});

test('what people are called is no header and no recipient', { skip }, async () => {
  const mail = await mailServer({ size: 1 << 20 });
  const server = await TestServer.start({ env: settings(mail.port) });
  const name = 'Eve\r\nBcc: victim@example.test\r\n\r\n.\r\nMAIL FROM:<x@y.test>\r\nüñí';
  const answer = await server.call('POST', '/auth/register', {
    json: { email: 'eve@example.test', password: 'a good long password', name,
      organization: 'Org\r\nBcc: victim@example.test' },
  });
  assert.equal(answer.status, 201, answer.text);
  await until('the letter', () => mail.taken.length > 0);
  assert.deepEqual(mail.taken[0].to, ['eve@example.test']);
  assert.equal(mail.taken[0].headers.bcc, undefined);
  assert.ok(mail.taken[0].text.startsWith('Hello Eve__Bcc: victim@example.test'));
  for (const email of ['a@b.test>\r\nRCPT TO:<c@d.test', 'a@b.test, c@d.test', 'a@b.test\nx']) {
    const refused = await server.call('POST', '/auth/register', {
      json: { email, password: 'a good long password', name: 'E', organization: 'O' } });
    assert.ok([400, 422].includes(refused.status), refused.text);
  }
  await server.stop();
  await mail.close();
});

test('a letter that is refused for good is tried once', { skip }, async () => {
  let tries = 0;
  const mail = await mailServer({
    onRcptTo(_, __, done) {
      ++tries;
      done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
    },
  });
  const server = await TestServer.start({ env: settings(mail.port) });
  await server.person();
  await until('a failure', () => server.stderr.includes('mail_refused'));
  await new Promise((resolve) => { setTimeout(resolve, 3500); });
  assert.equal(tries, 1);
  await server.stop();
  await mail.close();
});
