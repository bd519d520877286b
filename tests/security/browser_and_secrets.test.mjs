// 177: headers of every answer. 201: planted secrets are nowhere in clear.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';

import { tinyPng } from '../functional/harness.mjs';
import {
  exchange,
  filesUnder,
  furnished,
  modeOf,
  onEachEngine,
  startOn,
  stopClean,
} from './world.mjs';

function assertHeaders(headers, what) {
  const get = (name) => headers.get(name) ?? '';
  assert.equal(get('x-content-type-options'), 'nosniff', what);
  assert.match(get('content-security-policy'), /frame-ancestors 'none'|sandbox/, what);
  assert.doesNotMatch(get('content-security-policy'), /unsafe-inline|'unsafe-eval'/, what);
  assert.equal(get('cross-origin-opener-policy'), 'same-origin', what);
  assert.equal(get('cross-origin-resource-policy'), 'same-origin', what);
  assert.match(get('referrer-policy'), /^(same-origin|no-referrer)$/, what);
  assert.equal(headers.get('server'), null, what);
  assert.equal(headers.get('x-powered-by'), null, what);
  assert.ok(headers.get('x-request-id'), what);
}

onEachEngine('177 headers of every kind of answer', {}, async (engine) => {
  const server = await startOn(engine);
  const { person, project, asset } = await furnished(server);
  for (const route of [
    '/',
    '/login',
    '/healthz',
    '/readyz',
    '/metrics',
    '/api/docs',
    '/api/openapi.json',
    '/api/v1/projects',
    '/api/v1/nothing',
    '/no/such.file',
    '/%',
  ]) {
    assertHeaders((await fetch(server.url + route)).headers, route);
  }
  for (const route of [
    '/auth/me',
    '/projects',
    `/projects/${project.id}`,
    `/assets/${asset.id}`,
    `/assets/${asset.id}/annotations`,
    `/assets/${asset.id}/content`,
    `/assets/${asset.id}/thumbnail`,
  ]) {
    const answer = await person.api('GET', route);
    assertHeaders(answer.headers, route);
    assert.match(answer.headers.get('cache-control'), /no-store|private/, route);
  }
  for (const bad of [
    'GET / HTTP/1.1\r\n\r\n',
    'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n',
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  ]) {
    const { text } = await exchange(server.port, bad);
    assertHeaders(
      new Headers(
        text
          .split('\r\n\r\n')[0]
          .split('\r\n')
          .slice(1)
          .map((line) => line.split(/: (.*)/).slice(0, 2)),
      ),
      bad.slice(0, 20),
    );
  }
  await stopClean(server);
});

onEachEngine('201 planted secrets stand nowhere in clear', {}, async (engine) => {
  const secrets = {
    password: 'Planted-Pass-7391 quail',
    admin: 'Planted-Admin-2846 heron',
    metrics: 'planted-metrics-5512-ibis',
  };
  const server = await startOn(engine, {
    env: {
      ANNOTATEAI_LOG_LEVEL: 'debug',
      ANNOTATEAI_ADMIN_EMAIL: 'chief@example.test',
      ANNOTATEAI_ADMIN_PASSWORD: secrets.admin,
      ANNOTATEAI_METRICS_TOKEN: secrets.metrics,
    },
  });
  const registered = await server.call('POST', '/auth/register', {
    json: { email: 'p@example.test', password: secrets.password, name: 'P', organization: 'O' },
    headers: { 'x-csrf': '1' },
  });
  const { access_token: token, refresh_token: refresh } = registered.body;
  const cookie = registered.headers.get('set-cookie').split(';')[0].split('=')[1];
  await server.call('POST', '/auth/login', {
    json: { email: 'p@example.test', password: `${secrets.password}-wrong` },
  });
  await server.call('GET', `/auth/me?token=${secrets.metrics}`, { token });
  await server.call('POST', '/auth/refresh', { json: { refresh_token: 'planted-refresh-9034' } });
  await server.call('GET', '/auth/me', { token: 'planted.bearer.4417' });
  await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${secrets.metrics}` } });
  const project = await server.call('POST', '/projects', {
    token,
    json: { name: 'n', type: 'detection' },
  });
  const form = new FormData();
  form.append(
    'files',
    new Blob([Buffer.concat([tinyPng(), Buffer.from('planted-pixels-6120')])]),
    'a.png',
  );
  const uploaded = await server.call('POST', `/projects/${project.body.id}/assets`, {
    token,
    body: form,
  });
  assert.equal(uploaded.status, 201);
  const needles = [
    ...Object.values(secrets),
    token,
    token.split('.')[2],
    refresh,
    cookie,
    'planted-refresh-9034',
    'planted.bearer.4417',
    'planted-pixels-6120',
  ];
  const places = {
    stderr: server.stderr,
    cmdline: readFileSync(`/proc/${server.process.pid}/cmdline`, 'latin1'),
  };
  const folder =
    engine === 'postgres'
      ? [server.data, process.env.ANNOTATEAI_TEST_POSTGRES_DATA]
      : [server.data];
  for (const file of folder.flatMap(filesUnder)) {
    try {
      if (statSync(file).size < 200 << 20) places[file] = readFileSync(file, 'latin1');
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;  // the database took it away meanwhile
    }
  }
  for (const [place, text] of Object.entries(places)) {
    for (const needle of needles) assert.ok(!text.includes(needle), `${needle} stands in ${place}`);
  }
  assert.equal(modeOf(server.data), 0o700);
  for (const file of filesUnder(server.data)) {
    if (/blobs|master/.test(file)) assert.equal(modeOf(file) & 0o077, 0, file);
  }
  const audit = await server.call(
    'GET',
    `/organizations/${registered.body.organization.id}/audit`,
    { token },
  );
  for (const needle of needles) assert.ok(!audit.text.includes(needle));
  await stopClean(server);
});
