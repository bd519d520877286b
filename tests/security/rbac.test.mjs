// 079-090: who may what: every route by every role, and how rights are given and taken.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { boxOperation, tinyPng, uuidv7 } from '../functional/harness.mjs';
import { customRole, giveRole, member, memberPath, signIn } from './members.mjs';
import { assertProblem, furnished, openapi, publicRoutes, sleep, suite, until } from './world.mjs';

const OWN = new Set(['account_self']);

const refused = (answer) => answer.status === 403 && answer.body.code === 'permission_denied';
// What a route touches on its way may want a second permission: that it is not for this one.
const refusedFor = (answer, route) =>
  refused(answer) && answer.body.detail.includes(` ${route.permission}.`);

// Ids that nobody has: what is allowed then finds nothing.
const nowhere = (path) =>
  path.replace(/\{(\w+)\}/g, (_, name) => (['level', 'x', 'y'].includes(name) ? '0' : uuidv7()));

const call = (person, route, path = nowhere(route.path)) =>
  person.api(route.method, path, ['GET', 'DELETE'].includes(route.method) ? {} : { json: {} });

suite('rbac', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  let v;
  let owner;
  let matrix;
  let organization;
  before(async () => {
    v = await furnished(server());
    owner = v.person;
    organization = owner.organization.id;
    matrix = (await owner.api('GET', '/permissions')).body;
  });

  test("079 the matrix holds every route of the API, and an owner may all", async () => {
    const document = await openapi(server());
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const listed = matrix.routes.map((route) => `${route.method} ${route.path}`);
    assert.deepEqual(listed.toSorted(), documented.toSorted());
    assert.deepEqual(
      matrix.routes
        .filter((route) => !route.permission && !route.path.startsWith('/scim/'))
        .map((r) => `${r.method} ${r.path}`)
        .sort(),
      publicRoutes,
    );
    assert.deepEqual(
      matrix.roles.map((role) => role.role),
      ['owner', 'admin', 'manager', 'reviewer', 'annotator', 'viewer'],
    );
    assert.deepEqual(matrix.roles[0].permissions, matrix.permissions, 'an owner may all');
  });

  // Each route with ids that nobody has: 403 exactly where the table says so.
  async function walk(person, allowed) {
    const wrong = [];
    const routes = matrix.routes.filter((route) => route.permission);
    // Signing out comes last.
    routes.sort((x, y) => x.path.endsWith('/logout') - y.path.endsWith('/logout'));
    for (const route of routes) {
      const answer = await call(person, route);
      const may = allowed.has(route.permission) || OWN.has(route.permission);
      const text = `${route.method} ${route.path} ${route.permission}: ${answer.status}`;
      if (answer.status === 401 || answer.status >= 500) wrong.push(text);
      else if (may ? refusedFor(answer, route) : !refused(answer)) wrong.push(text);
    }
    return wrong;
  }

  for (const role of ['owner', 'admin', 'manager', 'reviewer', 'annotator', 'viewer']) {
    test(`079 ${role}: every route`, async () => {
      const person = await member(server(), owner, role);
      const allowed = new Set(matrix.roles.find((row) => row.role === role).permissions);
      assert.deepEqual(await walk(person, allowed), []);
    });
  }

  test('079 a role of one permission: every route, for each permission', async () => {
    for (const permission of matrix.permissions) {
      const role = await customRole(owner, [permission]);
      const person = await member(server(), owner, role.id);
      assert.deepEqual(await walk(person, new Set([permission])), [], permission);
    }
  });

  test('079 what a permission opens, it opens alone: reading what is there', async () => {
    const ids = {
      projects: v.project.id,
      assets: v.asset.id,
      annotations: v.annotation,
      organizations: organization,
    };
    const people = new Map();
    for (const route of matrix.routes) {
      const kind = route.path.split('/')[3];
      const params = route.path.match(/\{\w+\}/g) ?? [];
      if (route.method !== 'GET' || !route.permission || params.length > 1) continue;
      if (params.length === 1 && !ids[kind]) continue;
      if (!people.has(route.permission)) {
        const role = await customRole(owner, [route.permission]);
        people.set(route.permission, await member(server(), owner, role.id));
      }
      const path = route.path.replace('{id}', ids[kind]);
      const lines = path.endsWith('/export');
      const answer = await people.get(route.permission).api('GET', path, { lines });
      const said = answer.text.slice(0, 200);
      assert.ok(!refusedFor(answer, route), `${route.permission}: GET ${path} ${said}`);
    }
  });

  test('080 a custom role with an unknown, a doubled or a wildcard permission', async () => {
    const make = (permissions) =>
      owner.api('POST', `/organizations/${organization}/roles`, {
        json: { name: `bad ${Math.random()}`, permissions },
      });
    for (const permissions of [
      ['root'],
      ['*'],
      ['project_*'],
      [''],
      ['Project_read'],
      ['asset_read', 'asset_read'],
      'asset_read',
      [1],
      [null],
      { asset_read: true },
      null,
    ]) {
      assertProblem(await make(permissions), 422, JSON.stringify(permissions));
    }
    const { body } = await owner.api('GET', `/organizations/${organization}/roles`);
    assert.ok(!body.items.some((role) => role.name.startsWith('bad ')));
  });

  test('084 to change is not to delete, to comment is not to edit', async () => {
    const writer = await member(
      server(),
      owner,
      (await customRole(owner, ['project_read', 'project_write', 'asset_write'])).id,
    );
    assertProblem(await writer.api('DELETE', `/projects/${v.project.id}`), 403);
    assertProblem(await writer.api('DELETE', `/assets/${v.asset.id}`), 403);
    const commenter = await member(
      server(),
      owner,
      (await customRole(owner, ['annotation_read', 'comment_read', 'comment_write'])).id,
    );
    const operations = { base_revision: 1, operations: [boxOperation(v.project.labels[0].id)] };
    assertProblem(
      await commenter.api('POST', `/assets/${v.asset.id}/operations`, { json: operations }),
      403,
    );
    const thread = await commenter.api('POST', `/assets/${v.asset.id}/threads`, {
      json: { x: 1, y: 1, body: 'hm' },
    });
    assert.equal(thread.status, 201, thread.text);
    const reader = await member(server(), owner, 'viewer');
    assertProblem(
      await reader.api('POST', `/projects/${v.project.id}/exports`, { json: { format: 'coco' } }),
      403,
    );
  });

  test('086 nobody gives what he lacks, or edits the role he holds', async () => {
    const admin = await member(server(), owner, 'admin');
    const viewer = await member(server(), owner, 'viewer');
    const state = async () =>
      (await owner.api('GET', `/organizations/${organization}/members?limit=200`)).body.items.map(
        (item) => [item.id, item.role],
      );
    const before = await state();
    assertProblem(await giveRole(admin, owner, admin, 'owner'), 403);
    assertProblem(await giveRole(admin, owner, viewer, 'owner'), 403);
    assertProblem(await giveRole(viewer, owner, viewer, 'admin'), 403);
    assertProblem(
      await admin.api('POST', `/organizations/${organization}/roles`, {
        json: { name: 'above', permissions: ['organization_delete'] },
      }),
      403,
    );
    assertProblem(
      await admin.api('POST', `/organizations/${organization}/invitations`, {
        json: { email: 'friend@example.test', role: 'owner' },
      }),
      403,
    );
    assert.deepEqual(await state(), before);
    const role = await customRole(owner, [
      'role_read',
      'role_write',
      'member_read',
      'member_write',
    ]);
    const holder = await member(server(), owner, role.id);
    for (const permissions of [
      ['role_write', 'project_read'],
      ['role_write', 'asset_delete'],
    ]) {
      const answer = await holder.api('PATCH', `/organizations/${organization}/roles/${role.id}`, {
        json: { permissions },
      });
      assertProblem(answer, 403, permissions.join());
    }
    assertProblem(await giveRole(holder, owner, holder, 'manager'), 403);
    assertProblem(
      await holder.api('PUT', `/projects/${v.project.id}/grants/${holder.user.id}`, {
        json: { role: 'manager' },
      }),
      [403, 404],
    );
    assert.equal((await holder.api('DELETE', `/projects/${v.project.id}`)).status, 403);
  });

  test('087 the last owner stays; of two who demote each other at once one remains', async () => {
    const alone = await server().person();
    assertProblem(await giveRole(alone, alone, alone, 'viewer'), 409);
    assertProblem(await alone.api('DELETE', memberPath(alone, alone)), 409);
    assertProblem(await alone.api('POST', `/organizations/${alone.organization.id}/leave`), 409);
    for (let round = 0; round < 10; ++round) {
      const first = await server().person();
      const second = await member(server(), first, 'owner');
      const answers = await Promise.all([
        giveRole(first, first, second, 'viewer'),
        giveRole(second, first, first, 'viewer'),
      ]);
      const statuses = answers.map((answer) => answer.status).toSorted();
      assert.equal(statuses[0], 200, answers.map((a) => a.text).join());
      assert.ok([401, 403, 409].includes(statuses[1]), answers.map((a) => a.text).join());
      const winner = answers[0].status === 200 ? first : second;
      const { body } = await winner.api('GET', `/organizations/${first.organization.id}/members`);
      assert.equal(body.items.filter((item) => item.role === 'owner').length, 1);
    }
  });

  test('088 one who is let into one project sees nothing of another', async () => {
    const guest = await member(server(), owner, (await customRole(owner, [])).id);
    const own = await server().project(owner);
    const uploaded = await server().upload(owner, own.id, [['b.png', tinyPng(40, 30)]]);
    const asset = uploaded.body.items[0];
    const granted = await owner.api('PUT', `/projects/${own.id}/grants/${guest.user.id}`, {
      json: { role: 'annotator' },
    });
    assert.equal(granted.status, 200, granted.text);
    await until(
      'the grant is felt',
      async () => (await guest.api('GET', `/projects/${own.id}`)).status === 200,
    );
    for (const route of [
      '',
      '/content',
      '/thumbnail',
      '/annotations',
      '/suggestions',
      '/threads',
      '/versions',
      '/tiles/0/0/0',
    ]) {
      const theirs = await guest.api('GET', `/assets/${v.asset.id}${route}`);
      assert.ok([403, 404].includes(theirs.status), `${route} ${theirs.status}`);
      const mine = await guest.api('GET', `/assets/${asset.id}${route}`);
      assert.notEqual(mine.status, 403, `${route} ${mine.text}`);
    }
    assert.equal((await guest.api('GET', `/annotations/${v.annotation}/history`)).status, 403);
    assertProblem(
      await guest.api('POST', '/live/tickets', { json: { asset_id: v.asset.id } }),
      403,
    );
    const ticket = await guest.api('POST', '/live/tickets', { json: { asset_id: asset.id } });
    assert.equal(ticket.status, 201, ticket.text);
    const operations = { base_revision: 0, operations: [boxOperation(own.labels[0].id)] };
    const drawn = await guest.api('POST', `/assets/${asset.id}/operations`, { json: operations });
    assert.equal(drawn.status, 200, drawn.text);
    const there = { base_revision: 1, operations: [boxOperation(v.project.labels[0].id)] };
    assertProblem(
      await guest.api('POST', `/assets/${v.asset.id}/operations`, { json: there }),
      403,
    );
    const list = await guest.api('GET', '/projects');
    assert.deepEqual(
      list.body.items.map((project) => project.id),
      [own.id],
    );
    assertProblem(await guest.api('DELETE', `/assets/${asset.id}`), 403);
    const taken = await owner.api('DELETE', `/projects/${own.id}/grants/${guest.user.id}`);
    assert.equal(taken.status, 204);
    await until(
      'the end of the grant is felt',
      async () => [401, 403].includes((await guest.api('GET', `/projects/${own.id}`)).status),
      5000,
    );
  });

  test("023, 090 less rights: signed out within five seconds, an export is withheld", async () => {
    const reviewer = await member(server(), owner, 'reviewer');
    const started = await reviewer.api('POST', `/projects/${v.project.id}/exports`, {
      json: { format: 'coco' },
    });
    assert.equal(started.status, 202, started.text);
    assert.equal((await giveRole(owner, owner, reviewer, 'viewer')).status, 200);
    const cut = Date.now();
    assert.equal(
      (
        await server().call('POST', '/auth/refresh', {
          json: { refresh_token: reviewer.refresh_token },
        })
      ).status,
      401,
    );
    await until(
      'the sign-in has ended',
      async () => (await reviewer.api('GET', '/auth/me')).status === 401,
      5500,
    );
    assert.ok(Date.now() - cut < 5500);
    const again = await signIn(server(), reviewer.email);
    assertProblem(await again.api('GET', `/exports/${started.body.job_id}/content`), 403);
    const job = await until('the job is over', async () => {
      const { body } = await owner.api('GET', `/jobs/${started.body.job_id}`);
      return ['succeeded', 'cancelled'].includes(body.state) && body;
    });
    assert.ok(job);
  });

  test('090 an upload stores nothing more once its sender lost the right', async () => {
    const manager = await member(server(), owner, 'manager');
    const created = await manager.api('POST', '/uploads', {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '100',
        'upload-metadata': `filename ${btoa('a.png')},project_id ${btoa(v.project.id)}`,
      },
    });
    assert.equal(created.status, 201, created.text);
    assert.equal((await giveRole(owner, owner, manager, 'viewer')).status, 200);
    await sleep(5200);
    const piece = await manager.api('PATCH', created.headers.get('location'), {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: Buffer.alloc(50),
    });
    assert.equal(piece.status, 401);
  });
});
