// 099, 166: webhooks are one's own, signed, and no receiver can do harm.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import { isSigned, startReceiver } from './receiver.mjs';
import { assertProblem, filesUnder, sleep, startOn, stopClean, suite, until } from './world.mjs';

const env = {
  ANNOTATEAI_RATE_LIMIT: 'false',
  ANNOTATEAI_OUTBOUND_ALLOW: '127.0.0.1',
  ANNOTATEAI_WEBHOOK_RETRY_SECONDS: '1',
  ANNOTATEAI_WEBHOOK_FAILURES: '3',
};

async function addHook(person, url, events = ['project.*']) {
  const made = await person.api('POST', '/webhooks', { json: { name: 'Ours', url, events } });
  assert.equal(made.status, 201, made.text);
  return made.body;
}
const deliveriesOf = async (person, hook) =>
  (await person.api('GET', `/webhooks/${hook.webhook.id}/deliveries`)).body.items;

// A receiver at the level of the socket.
async function rawReceiver(serve) {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

suite('webhooks', { env }, (server) => {
  test('an event is delivered once, signed, and told in the log', async () => {
    const receiver = await startReceiver();
    const person = await server().person();
    const hook = await addHook(person, receiver.url);
    const project = await server().project(person);
    const [heard] = await receiver.count(1);
    assert.ok(isSigned(hook.secret, heard), heard.headers['annotateai-signature']);
    assert.ok(!isSigned(hook.secret, { ...heard, body: `${heard.body} ` }));
    assert.ok(!isSigned(hook.secret, heard, Date.now() / 1000 + 301), 'an old one is refused');
    assert.equal(heard.headers['annotateai-event'], 'project.create');
    const body = JSON.parse(heard.body);
    assert.equal(body.object.id, project.id);
    assert.equal(body.organization_id, person.organization.id);
    assert.equal(body.id, heard.headers['annotateai-delivery']);
    assert.ok(!heard.body.includes('@example.test') && !heard.body.includes('127.0.0.1'));
    const one = await until('told', async () =>
      (await deliveriesOf(person, hook)).find((d) => d.state === 'delivered'),
    );
    const log = (await person.api('GET', `/deliveries/${one.id}`)).body;
    assert.deepEqual(log.body, body);
    assert.equal(log.attempts[0].status, 200);
    assert.equal(log.attempts[0].answer, 'ok');
    const again = await person.api('POST', `/deliveries/${one.id}/redeliver`);
    assert.equal(again.status, 202, again.text);
    await receiver.count(2);
    assert.equal(receiver.requests[1].body, heard.body);
    const ping = await person.api('POST', `/webhooks/${hook.webhook.id}/ping`);
    assert.equal(ping.status, 202, ping.text);
    await receiver.count(3);
    assert.equal(JSON.parse(receiver.requests[2].body).event, 'ping');
    await sleep(300);
    assert.equal(receiver.requests.length, 3);
    await receiver.stop();
  });

  test('the secret is shown once and stands nowhere in clear', async () => {
    const person = await server().person();
    const hook = await addHook(person, 'http://127.0.0.1:9/');
    const routes = [
      '/webhooks',
      `/webhooks/${hook.webhook.id}`,
      `/organizations/${person.organization.id}/audit`,
    ];
    for (const route of routes) {
      assert.ok(!(await person.api('GET', route)).text.includes('whsec_'), route);
    }
    const renewed = await person.api('POST', `/webhooks/${hook.webhook.id}/secret`);
    assert.notEqual(renewed.body.secret, hook.secret);
    for (const file of filesUnder(server().data)) {
      assert.ok(!readFileSync(file).includes(hook.secret.slice(6)), file);
    }
    assert.ok(!server().stderr.includes(hook.secret));
  });

  test("099 what is V's is not there for others", async () => {
    const receiver = await startReceiver();
    const v = await server().person();
    const a = await server().person();
    const hook = await addHook(v, receiver.url);
    await server().project(v);
    await receiver.count(1);
    const [delivery] = await deliveriesOf(v, hook);
    for (const [method, route, json] of [
      ['GET', '/webhooks/{}'],
      ['PATCH', '/webhooks/{}', { url: 'http://127.0.0.1:9/' }],
      ['PATCH', '/webhooks/{}', {}],
      ['DELETE', '/webhooks/{}'],
      ['POST', '/webhooks/{}/secret'],
      ['POST', '/webhooks/{}/ping'],
      ['GET', '/webhooks/{}/deliveries'],
      ['GET', '/deliveries/{}'],
      ['POST', '/deliveries/{}/redeliver'],
    ]) {
      const id = route.startsWith('/webhooks') ? hook.webhook.id : delivery.id;
      const foreign = await a.api(method, route.replace('{}', id), json ? { json } : {});
      const unknown = await a.api(method, route.replace('{}', uuidv7()), json ? { json } : {});
      assertProblem(foreign, 404, `${method} ${route}`);
      assert.equal(foreign.text, unknown.text);
    }
    assert.deepEqual((await a.api('GET', '/webhooks')).body.items, []);
    await server().project(a);
    await sleep(500);
    assert.equal(receiver.requests.length, 1, 'nobody else made it ring');
    await receiver.stop();
  });

  test('bad input is refused with pointers', async () => {
    const person = await server().person();
    const post = (json) => person.api('POST', '/webhooks', { json });
    const good = { name: 'a', url: 'http://127.0.0.1:9/', events: ['*'] };
    for (const [change, pointer] of [
      [{ events: [] }, '/events'],
      [{ events: ['project.'] }, '/events/0'],
      [{ events: ['*', 'A b'] }, '/events/1'],
      [{ name: '' }, '/name'],
      [{ url: 'ftp://127.0.0.1/' }, '/url'],
      [{ url: 'x' }, '/url'],
      [{ secret: 'mine' }, '/secret'],
      [{ events: Array(51).fill('*') }, '/events'],
    ]) {
      const answer = await post({ ...good, ...change });
      assertProblem(answer, 422, JSON.stringify(change));
      assert.equal(answer.body.errors[0].pointer, pointer, answer.text);
    }
    for (let i = 0; i < 20; ++i) assert.equal((await post(good)).status, 201);
    assertProblem(await post(good), 507, 'the 21st');
  });

  test('166 who fails is tried again, then switched off, and may come back', async () => {
    let failing = true;
    const receiver = await startReceiver((_request, response) => {
      response.statusCode = failing ? 500 : 200;
      response.end('x'.repeat(10_000));
    });
    const person = await server().person();
    const hook = await addHook(person, receiver.url);
    await server().project(person);
    await receiver.count(2);
    const pause = receiver.requests[1].at - receiver.requests[0].at;
    assert.ok(pause >= 950, `tried again after ${pause} ms`);
    await receiver.count(3, 20_000);
    const later = receiver.requests[2].at - receiver.requests[1].at;
    assert.ok(later >= 3_900 && later > pause, `then after ${later} ms`);
    const off = await until('switched off', async () => {
      const { body } = await person.api('GET', `/webhooks/${hook.webhook.id}`);
      return body.active ? null : body;
    });
    assert.equal(off.disabled_reason, 'failures');
    const [delivery] = await deliveriesOf(person, hook);
    assert.equal(delivery.state, 'failed');
    const log = (await person.api('GET', `/deliveries/${delivery.id}`)).body;
    assert.equal(log.attempts.length, 3);
    assert.ok(log.attempts[0].answer.length <= 4096);
    assertProblem(await person.api('POST', `/deliveries/${delivery.id}/redeliver`), 409);
    failing = false;
    await person.api('PATCH', `/webhooks/${hook.webhook.id}`, { json: { active: true } });
    await person.api('POST', `/deliveries/${delivery.id}/redeliver`);
    await receiver.count(4);
    await until(
      'delivered',
      async () => (await deliveriesOf(person, hook))[0].state === 'delivered',
    );
    await receiver.stop();
  });

  test('166 silence, drops, floods, bombs and endless heads end, and hold up nobody', async () => {
    const endless = (head, piece) => (socket) => {
      socket.write(head);
      const pour = () => {
        while (!socket.destroyed && socket.write(piece));
        if (!socket.destroyed) socket.once('drain', pour);
      };
      socket.once('data', pour);
    };
    const hostile = await Promise.all([
      rawReceiver(() => {}),
      rawReceiver((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 1000);
        socket.on('close', () => clearInterval(timer));
      }),
      rawReceiver(
        endless('HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n', 'x'.repeat(65_536)),
      ),
      rawReceiver(
        endless('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n', Buffer.alloc(65_536)),
      ),
      rawReceiver(endless('HTTP/1.1 200 OK\r\n', 'X-A: b\r\n'.repeat(100))),
    ]);
    const hooks = [];
    for (const receiver of hostile) {
      const person = await server().person();
      hooks.push([person, await addHook(person, receiver.url)]);
    }
    const receiver = await startReceiver();
    const other = await server().person();
    await addHook(other, receiver.url);
    const before = server().rssMiB();
    for (const [person] of hooks) await server().project(person);
    const began = Date.now();
    await server().project(other);
    await receiver.count(1);
    assert.ok(Date.now() - began < 2_000, `another waited ${Date.now() - began} ms`);
    for (const [person, hook] of hooks) {
      const log = await until(
        'the first attempt ended',
        async () => {
          const [delivery] = await deliveriesOf(person, hook);
          const { body } = await person.api('GET', `/deliveries/${delivery.id}`);
          return body.attempts.length > 0 ? body : null;
        },
        20_000,
      );
      const attempt = log.attempts.at(-1);
      assert.ok(attempt.problem.startsWith('outbound_'), JSON.stringify(attempt));
      assert.ok(attempt.took_ms <= 10_500, `${attempt.took_ms} ms`);
    }
    assert.ok(server().rssMiB() - before < 64, 'memory stays');
    for (const [person, hook] of hooks) {
      await person.api('DELETE', `/webhooks/${hook.webhook.id}`);
    }
    for (const one of hostile) await one.stop();
    await receiver.stop();
  });
});

test('what was not delivered before a stop is delivered after the start', async () => {
  const receiver = await startReceiver();
  const port = new URL(receiver.url).port;
  await receiver.stop();
  const server = await startOn('sqlite', { env });
  server.ownsData = false;
  const person = await server.person();
  await addHook(person, receiver.url);
  await server.project(person);
  await sleep(200);
  await stopClean(server);
  const http = await import('node:http');
  let heard = 0;
  const back = http.createServer((request, response) => {
    heard += 1;
    request.resume();
    response.end();
  });
  await new Promise((resolve) => {
    back.listen(port, '127.0.0.1', resolve);
  });
  const again = await startOn('sqlite', { env, data: server.data });
  await until('delivered', () => heard > 0, 20_000);
  await stopClean(again);
  back.closeAllConnections();
  await new Promise((resolve) => {
    back.close(resolve);
  });
});
