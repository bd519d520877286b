// 150-157, 186: live connections under attack and under accident.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';

import { boxOperation, uuidv7 } from '../functional/harness.mjs';
import {
  BINARY,
  CLOSE,
  Live,
  PING,
  TEXT,
  crowded,
  frame,
  ticketOf,
  upgrade,
} from './live_wire.mjs';
import { assertAlive, median, postgres, seeded, sleep, stopClean, until } from './world.mjs';

const noPostgres = postgres ? false : 'no PostgreSQL here: run under script/with_postgres';

function worlds(title, options, define) {
  for (const engine of options.engines ?? ['sqlite', 'postgres']) {
    describe(`${title} [${engine}]`, { skip: engine === 'postgres' ? noPostgres : false }, () => {
      let world;
      before(async () => {
        world = await crowded(engine, options);
      });
      after(async () => {
        await stopClean(world.server);
        world.remove();
      });
      define(() => world, engine);
    });
  }
}

async function documentOf(world, seat) {
  const { body, text } = await world.server.call('GET', `/assets/${seat.asset_id}/annotations`, {
    token: seat.token,
  });
  return { text, ...body };
}

async function labelsOf(world, seat) {
  const { body } = await world.server.call('GET', `/projects/${seat.project_id}`, {
    token: seat.token,
  });
  return body.labels;
}

// One statement, told to the database behind the server's back.
function tell(world, engine, statement) {
  if (engine === 'postgres') {
    const admin = new URL(process.env.ANNOTATEAI_TEST_POSTGRES_ADMIN);
    admin.pathname = new URL(world.settings.ANNOTATEAI_DATABASE_URL).pathname;
    execFileSync('psql', ['-qX', '-c', statement, admin.href]);
    return;
  }
  execFileSync('python3', [
    '-c',
    'import sqlite3, sys\n' +
      'with sqlite3.connect(sys.argv[1], timeout=10) as d: d.execute(sys.argv[2])',
    `${world.data}/annotateai.db`,
    statement,
  ]);
}

worlds('live: who may connect', { env: { ANNOTATEAI_CORS_ORIGINS: 'https://ours.test' } }, (w) => {
  test('150 only our own pages and those we named open a socket', async () => {
    const { server, seats } = w();
    const own = server.url;
    const cookie = { Cookie: '__Host-session=anything; session=anything' };
    for (const [headers, status] of [
      [{ Origin: 'https://evil.test' }, 403],
      [{ Origin: 'null' }, 403],
      [{ Origin: `${own}.evil.test` }, 403],
      [{ Origin: own.replace('http:', 'https:') }, 403],
      [{ Origin: 'https://ours.test' }, 101],
      [{ Origin: own }, 101],
      [{ Origin: own, ...cookie }, 101],
      [{}, 101],
    ]) {
      const ticket = await ticketOf(server, seats[0]);
      const answer = await upgrade(server, `/api/v1/live?ticket=${ticket}`, headers);
      assert.equal(answer.status, status, `${JSON.stringify(headers)} ${answer.body}`);
      answer.socket?.destroy();
    }
  });

  test('151 a ticket is good once, for its asset, unchanged', async () => {
    const { server, seats } = w();
    const ticket = await ticketOf(server, seats[0]);
    const target = `/api/v1/live?ticket=${ticket}`;
    const broken = [
      '/api/v1/live',
      '/api/v1/live?ticket=',
      '/api/v1/live?ticket=x.y.z',
      `/api/v1/live?ticket=${seats[0].token}`,
      `${target}x`,
      target.slice(0, -6),
    ];
    for (const path of broken) {
      const answer = await upgrade(server, path);
      assert.equal(answer.status, 401, `${path} ${answer.body}`);
    }
    const plain = await server.call('GET', target);
    assert.ok([400, 426].includes(plain.status), plain.text);
    const races = await Promise.all(Array.from({ length: 8 }, () => upgrade(server, target)));
    const made = races.filter((answer) => answer.status === 101);
    assert.equal(made.length, 1, 'a ticket is spent once');
    made[0].socket.destroy();
    const foreign = await server.call('POST', '/live/tickets', {
      token: seats[0].token,
      json: { asset_id: uuidv7() },
    });
    assert.equal(foreign.status, 404);
    const stranger = await server.person();
    const refused = await stranger.api('POST', '/live/tickets', {
      json: { asset_id: seats[0].asset_id },
    });
    assert.equal(refused.status, 404);
  });
});

worlds('live: who stays', { editors: 8 }, (w, engine) => {
  const denied = async (live, seat) => {
    const [label] = await labelsOf(w(), seat);
    return live.ops([boxOperation(label.id)]).catch(() => ({ t: 'gone' }));
  };

  test('152 a logout ends the socket within five seconds', async () => {
    const { server, seats } = w();
    const seat = seats[0];
    const other = seats[2];
    const [live, bystander] = [await Live.join(server, seat), await Live.join(server, other)];
    const [label] = await labelsOf(w(), seat);
    assert.equal((await live.ops([boxOperation(label.id)])).t, 'ack');
    const began = Date.now();
    await server.call('POST', '/auth/logout', { token: seat.token, json: {} });
    assert.equal(await live.closeCode(), 4401);
    assert.ok(Date.now() - began <= 5500, `${Date.now() - began} ms`);
    assert.equal((await bystander.ops([boxOperation(label.id)])).t, 'ack', 'others go on');
    bystander.end();
  });

  test('152 one who may only read from now on is told, and writes nothing', async () => {
    const { server, seats } = w();
    const seat = seats[4];
    const live = await Live.join(server, seat);
    assert.equal(live.welcome.can_write, true);
    const where = `WHERE user_id = '${live.welcome.user.id}'`;
    tell(w(), engine, `UPDATE memberships SET role = 'viewer' ${where}`);
    await sleep(5500);
    const seen = await documentOf(w(), seats[2]);
    const answer = await denied(live, seat);
    assert.notEqual(answer.t, 'ack');
    assert.equal((await documentOf(w(), seats[2])).text, seen.text);
    live.end();
  });

  test('152 a member who is removed is out within five seconds', async () => {
    const { server, seats } = w();
    const seat = seats[6];
    const live = await Live.join(server, seat);
    tell(w(), engine, `DELETE FROM memberships WHERE user_id = '${live.welcome.user.id}'`);
    assert.ok([4401, 4403].includes(await live.closeCode(7000)));
    await until(
      'no more tickets',
      async () => {
        const answer = await server.call('POST', '/live/tickets', {
          token: seat.token,
          json: { asset_id: seat.asset_id },
        });
        return answer.status === 401;
      },
      5000,
    );
  });
});

worlds('live: frames', { engines: ['sqlite'] }, (w) => {
  const huge = Buffer.alloc(9);
  huge[0] = 127;
  huge.writeBigUInt64BE(17n << 20n, 1);
  const negative = Buffer.from(huge);
  negative[1] = 0x80;
  const cases = [
    ['a frame of 17 MiB', 1009, [frame(TEXT, '', { length: huge })]],
    ['a length with the high bit', 1002, [frame(TEXT, '', { length: negative })]],
    ['an unmasked frame', 1002, [frame(TEXT, '{}', { mask: false })]],
    ['reserved bits', 1002, [frame(TEXT, '{}', { rsv: 4 })]],
    ['an unknown opcode', 1002, [frame(3, '{}')]],
    ['a long ping', 1002, [frame(PING, 'x'.repeat(126))]],
    ['a ping in pieces', 1002, [frame(PING, 'x', { fin: false })]],
    ['a piece of nothing', 1002, [frame(0, 'x')]],
    ['a message within a message', 1002, [frame(TEXT, '{', { fin: false }), frame(TEXT, '}')]],
    ['bad UTF-8', 1007, [frame(TEXT, Buffer.from([0x7b, 0xc3, 0x28]))]],
    ['bytes', 1003, [frame(BINARY, 'x')]],
    ['a forbidden close code', 1002, [frame(CLOSE, Buffer.from([3, 237]))]],
    ['a close of one byte', 1002, [frame(CLOSE, Buffer.from([3]))]],
    [
      'ten thousand pieces',
      [1002, 1008, 1009],
      [
        frame(TEXT, ' ', { fin: false }),
        Buffer.concat(Array.from({ length: 10_000 }, () => frame(0, ' ', { fin: false }))),
      ],
    ],
  ];
  test('153 what is not WebSocket ends its own connection only', async () => {
    const { server, seats } = w();
    const neighbour = await Live.join(server, seats[0]);
    for (const [title, codes, frames] of cases) {
      const live = await Live.join(server, seats[0]);
      for (const bytes of frames) live.raw(bytes);
      const code = await live.closeCode();
      assert.ok([codes].flat().includes(code), `${title}: ${code}`);
    }
    neighbour.send({ t: 'ping', k: 7 });
    assert.equal((await neighbour.next((m) => m.t === 'pong')).k, 7);
    neighbour.end();
    await assertAlive(server);
  });

  test('153 a message without an end is cut, and its memory is small', async () => {
    const { server, seats } = w();
    const before = server.rssMiB();
    const open = [];
    for (let i = 0; i < 20; ++i) {
      const live = await Live.join(server, seats[0]);
      live.raw(frame(TEXT, ' '.repeat(900_000), { fin: false }));
      open.push(live);
    }
    const codes = await Promise.all(open.map((live) => live.closeCode(20_000)));
    assert.ok(codes.every((code) => [1002, 1008, 1009].includes(code)), codes.join());
    assert.ok(server.rssMiB() - before < 100, `${server.rssMiB() - before} MiB more`);
  });
});

worlds('live: messages', { rooms: 2, editors: 4 }, (w) => {
  // What of [seat, the other of its room, one of another room] saw of an attempt, and whether it
  // left a trace in either document.
  async function attempt(messages) {
    const { server, seats } = w();
    const attacker = await Live.join(server, seats[0]);
    const victim = await Live.join(server, seats[2]);
    const before = [await documentOf(w(), seats[0]), await documentOf(w(), seats[1])];
    const answers = [];
    for (const message of messages) {
      attacker.send(message);
      const n = typeof message === 'object' ? message.n : undefined;
      answers.push(
        await attacker
          .next((m) => m.t === 'error' || (m.t === 'ack' && (m.n === n || n === undefined)))
          .catch(() => null),
      );
    }
    await sleep(50);
    const after = [await documentOf(w(), seats[0]), await documentOf(w(), seats[1])];
    assert.deepEqual(after, before, 'a document changed');
    const told = victim.messages.filter((m) => m.t === 'ops');
    assert.deepEqual(told, [], 'others were told');
    attacker.end();
    victim.end();
    return answers;
  }
  const refused = (answer, what) => {
    const gone = answer?.t === 'error' || (answer?.t === 'ack' && answer.dropped.length > 0);
    assert.ok(gone, `${what}: ${JSON.stringify(answer)}`);
    if (answer.t === 'ack') assert.deepEqual(answer.stored, [], what);
    const text = JSON.stringify(answer);
    assert.ok(text.length < 8192, what);
    assert.doesNotMatch(text, /SQLite|PostgreSQL|select |insert |\.cpp|terminate/i, what);
  };

  async function badOperations() {
    const { server, seats } = w();
    const [label] = await labelsOf(w(), seats[0]);
    const stranger = await server.person();
    const foreign = await server.project(stranger);
    // An object of the other room's document.
    const there = await Live.join(server, seats[1]);
    const theirs = boxOperation(label.id);
    const stored = await there.ops([theirs]);
    assert.equal(stored.t, 'ack', JSON.stringify(stored));
    there.end();
    const put = (change) => {
      const operation = boxOperation(label.id);
      change(operation);
      return operation;
    };
    const million = Array.from({ length: 100_001 }, (_, i) => [i % 100, i % 7]);
    const polygon = (points) => ({ type: 'polygon', parts: [{ points }] });
    return [
      ['an unknown type', put((o) => (o.op = 'grant'))],
      ['no op', put((o) => delete o.op)],
      ['no id', put((o) => delete o.id)],
      ['an id of version 4', put((o) => (o.id = '6f1c1a0e-7a0b-4b8e-9d5d-0a7c3f0b2d11'))],
      ['no shape', put((o) => delete o.annotation.shape)],
      ['an unknown member', put((o) => (o.annotation.admin = true))],
      ['a label of another project', put((o) => (o.annotation.label_id = foreign.labels[0].id))],
      ['a label that is none', put((o) => (o.annotation.label_id = uuidv7()))],
      ['frame -1', put((o) => (o.annotation.frame = -1))],
      ['frame 1e9', put((o) => (o.annotation.frame = 1e9))],
      ['frame 1.5', put((o) => (o.annotation.frame = 1.5))],
      ['too many points', put((o) => (o.annotation.shape = polygon(million)))],
      ['two points', put((o) => (o.annotation.shape = polygon(million.slice(0, 2))))],
      ['an attribute that is none', put((o) => (o.annotation.attributes = { __proto_: 1 }))],
      ['an id of another asset', put((o) => (o.annotation.id = theirs.annotation.id))],
      ['a change of another asset', { id: uuidv7(), op: 'del', target: theirs.annotation.id }],
      [
        'a field of another asset',
        { id: uuidv7(), op: 'set', target: theirs.annotation.id, field: 'z', value: 'a' },
      ],
      ['a change of nothing', { id: uuidv7(), op: 'del', target: uuidv7() }],
      [
        'the field __proto__',
        { id: uuidv7(), op: 'set', target: uuidv7(), field: '__proto__', value: {} },
      ],
      [
        'the attribute __proto__',
        { id: uuidv7(), op: 'set', target: uuidv7(), field: 'attributes.__proto__', value: 1 },
      ],
      ['the field created_by', { id: uuidv7(), op: 'set', target: uuidv7(), field: 'created_by' }],
      ['a step that is no id', put((o) => (o.step = '../../etc/passwd'))],
    ];
  }

  test('154 a bad operation is answered, changes nothing and is told to nobody', async () => {
    const list = await badOperations();
    let n = 0;
    for (const [title, operation] of list) {
      const [answer] = await attempt([{ t: 'ops', n: ++n, base: 0, operations: [operation] }]);
      refused(answer, title);
    }
  });

  test('154 numbers that are none, and names that are special in JavaScript', async () => {
    const { seats } = w();
    const [label] = await labelsOf(w(), seats[0]);
    const text = JSON.stringify({ t: 'ops', n: 1, base: 0, operations: [boxOperation(label.id)] });
    for (const number of ['1e999', '-1e999', 'NaN', 'Infinity', '"1"', 'null', '1e300']) {
      const [answer] = await attempt([text.replace('"x":1', `"x":${number}`)]);
      refused(answer, number);
    }
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const [answer] = await attempt([
        text.replace('"attributes":{}', `"attributes":{"${name}":{"admin":true}}`),
      ]);
      refused(answer, name);
    }
  });

  test('154 what is no message of the protocol', async () => {
    const many = JSON.stringify({ t: 'ops', n: 1, base: 0, operations: [] });
    for (const message of [
      '',
      '{',
      '[]',
      'null',
      '"ops"',
      '{"t":"grant"}',
      '{"t":1}',
      '{"n":1}',
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
      many,
      many.replace('"base":0', '"base":-1'),
      many.replace('"base":0', '"base":999999999'),
      many.replace('"n":1', '"n":"1"'),
      '{"t":"presence","selection":["x"]}',
      '{"t":"lock","target":"x"}',
    ]) {
      const [answer] = await attempt([message]);
      refused(answer, message.slice(0, 60));
    }
  });

  test('154 the same batch again has the same answer and no effect', async () => {
    const { server, seats } = w();
    const [label] = await labelsOf(w(), seats[0]);
    const live = await Live.join(server, seats[0]);
    const other = await Live.join(server, seats[2]);
    const operation = boxOperation(label.id);
    const first = await live.ops([operation], { n: 1 });
    assert.equal(first.t, 'ack', JSON.stringify(first));
    await other.next((m) => m.t === 'ops' && m.operations[0].id === operation.id);
    const seen = await documentOf(w(), seats[0]);
    for (const [who, seat] of [[live, seats[0]], [other, seats[2]]]) {
      const again = await who.ops([operation], { n: who === live ? 2 : 1 });
      const stored = again.t === 'ack' ? again.stored[0]?.revision : undefined;
      if (stored !== undefined) assert.equal(stored, first.stored[0].revision);
      assert.equal((await documentOf(w(), seat)).text, seen.text);
    }
    await sleep(50);
    assert.deepEqual(other.messages.filter((m) => m.t === 'ops'), []);
    live.end();
    other.end();
  });
});

worlds('live: floods', { engines: ['sqlite'], rooms: 2, editors: 4 }, (w) => {
  // How long the other room waits for its acknowledgements while `attack` goes on.
  async function besides(attack) {
    const { server, seats } = w();
    const [label] = await labelsOf(w(), seats[1]);
    const calm = await Live.join(server, seats[1]);
    let going = true;
    const attacked = attack().finally(() => {
      going = false;
    });
    const times = [];
    while (going || times.length < 20) {
      const began = performance.now();
      const answer = await calm.ops([boxOperation(label.id)]);
      assert.equal(answer.t, 'ack', JSON.stringify(answer));
      times.push(performance.now() - began);
      await sleep(50);
    }
    calm.end();
    await attacked;
    times.sort((x, y) => x - y);
    const worst = times[Math.floor(times.length * 0.99)];
    assert.ok(worst < 500, `the other room waited ${worst} ms (median ${median(times)} ms)`);
  }

  test('156 operations that come too fast are refused, others do not notice', async () => {
    const { server, seats } = w();
    const [label] = await labelsOf(w(), seats[0]);
    await besides(async () => {
      const live = await Live.join(server, seats[0]);
      const until = Date.now() + 3000;
      let sent = 0;
      while (Date.now() < until && !live.socket.destroyed) {
        for (let i = 0; i < 20; ++i) {
          live.send({ t: 'ops', n: ++sent, base: 0, operations: [boxOperation(label.id)] });
        }
        await sleep(20);
      }
      await sleep(300);
      const limited = live.messages.some((m) => m.t === 'error') || live.code === 1008;
      assert.ok(limited, 'nothing was refused');
      live.end();
    });
  });

  test('156 ten megabytes a second of presence end the connection', async () => {
    const { server, seats } = w();
    await besides(async () => {
      const live = await Live.join(server, seats[0]);
      const selection = Array.from({ length: 99 }, () => uuidv7());
      const message = frame(
        TEXT,
        JSON.stringify({ t: 'presence', cursor: [1, 2], selection, tool: 'box' }),
      );
      const chunk = Buffer.concat(Array.from({ length: 250 }, () => message));
      for (let i = 0; i < 40 && !live.socket.destroyed; ++i) {
        live.raw(chunk);
        await sleep(50);
      }
      await sleep(300);
      assert.ok(live.code === 1008 || live.messages.some((m) => m.t === 'error'), `${live.code}`);
      live.end();
    });
  });

  test('156 a person has fifty sockets at most', async () => {
    const { server, seats } = w();
    const open = [];
    const statuses = [];
    for (let i = 0; i < 53; ++i) {
      const ticket = await ticketOf(server, seats[0]);
      const made = await upgrade(server, `/api/v1/live?ticket=${ticket}`);
      statuses.push(made.status);
      if (made.socket) open.push(made.socket);
    }
    assert.equal(open.length, 50);
    assert.deepEqual([...new Set(statuses.slice(50))], [429]);
    const other = await Live.join(server, seats[2]);
    other.end();
    for (const socket of open) socket.destroy();
    await until('room again', async () => {
      const ticket = await ticketOf(server, seats[0]);
      const made = await upgrade(server, `/api/v1/live?ticket=${ticket}`);
      made.socket?.destroy();
      return made.status === 101;
    });
  });

  test('156 one who does not read is cut, and little is kept for him', async () => {
    const { server, seats } = w();
    const [label] = await labelsOf(w(), seats[0]);
    const before = server.rssMiB();
    const deaf = await Live.join(server, seats[0]);
    deaf.socket.pause();
    const writer = await Live.join(server, seats[2]);
    const points = Array.from({ length: 4000 }, (_, i) => [i % 400, (i * 7) % 300]);
    let cut = false;
    deaf.socket.on('close', () => {
      cut = true;
    });
    for (let i = 0; i < 200 && !cut; ++i) {
      const operation = boxOperation(label.id);
      operation.annotation.shape = { type: 'points', points };
      const answer = await writer.ops([operation]);
      if (answer.t === 'error') await sleep(answer.retry_ms ?? 200);
      if (i % 20 === 19) {
        const metrics = await (await fetch(`${server.url}/metrics`)).text();
        cut = Number(/aa_live_connections\S* (\d+)/.exec(metrics)?.[1]) < 2;
      }
    }
    assert.ok(cut, 'the one who does not read is still there');
    assert.ok(server.rssMiB() - before < 150, `${server.rssMiB() - before} MiB more`);
    writer.end();
    deaf.socket.destroy();
  });
});

worlds('live: random editing', { rooms: 1, editors: 8 }, (w) => {
  test('157 with dropped connections all end alike, nothing acknowledged is gone', async () => {
    const { server, seats } = w();
    const [label] = await labelsOf(w(), seats[0]);
    const random = seeded(157);
    const acknowledged = new Map();
    const act = async (seat) => {
      let live = await Live.join(server, seat);
      let drawn = [];
      for (let i = 0; i < 40; ++i) {
        if (random() < 0.05) {
          live.socket.destroy();
          live = await Live.join(server, seat);
        }
        const target = drawn[Math.floor(random() * drawn.length)];
        let operation = boxOperation(label.id);
        if (target && random() < 0.5) {
          operation = { id: uuidv7(), op: 'set', target, field: 'z', value: `a${i % 9}` };
        } else if (target && random() < 0.2) {
          operation = { id: uuidv7(), op: 'del', target };
          drawn = drawn.filter((id) => id !== target);
        } else {
          drawn.push(operation.annotation.id);
        }
        const answer = await live.ops([operation]);
        assert.equal(answer.t, 'ack', JSON.stringify(answer));
        for (const { id, revision } of answer.stored) acknowledged.set(id, revision);
      }
      live.end();
    };
    await Promise.all(seats.map(act));
    const truth = await documentOf(w(), seats[0]);
    const late = await Live.join(server, seats[1]);
    assert.equal(late.welcome.revision, truth.revision);
    assert.deepEqual(late.welcome.snapshot.items, truth.items);
    late.end();
    assert.equal(new Set(acknowledged.values()).size, acknowledged.size, 'one revision each');
    assert.equal(Math.max(...acknowledged.values()), truth.revision);
    assert.equal(acknowledged.size, truth.revision, 'each revision was acknowledged once');
  });
});

worlds(
  'live: without Redis',
  { engines: ['sqlite'], env: { ANNOTATEAI_REDIS_URL: 'redis://127.0.0.1:1/0' } },
  (w) => {
    test('186 with Redis away one signs in, saves and edits live', async () => {
      const { server, seats } = w();
      const person = await server.person();
      const login = await server.call('POST', '/auth/login', {
        json: { email: person.email, password: 'a good long password' },
      });
      assert.equal(login.status, 200, login.text);
      const [label] = await labelsOf(w(), seats[0]);
      const live = await Live.join(server, seats[0]);
      const other = await Live.join(server, seats[2]);
      const operation = boxOperation(label.id);
      assert.equal((await live.ops([operation])).t, 'ack');
      await other.next((m) => m.t === 'ops' && m.operations[0].id === operation.id);
      const saved = await server.call('POST', `/assets/${seats[0].asset_id}/operations`, {
        token: seats[0].token,
        json: { base_revision: 1, operations: [boxOperation(label.id)] },
      });
      assert.equal(saved.status, 200, saved.text);
      await other.next((m) => m.t === 'ops' && m.operations[0].revision === 2);
      live.end();
      other.end();
    });
  },
);
