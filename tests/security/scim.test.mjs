// SCIM 2.0: what directories send, who may call, what is refused, and how quickly it is felt.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';

import { uuidv7 } from '../functional/harness.mjs';
import { customRole, member } from './members.mjs';
import { entra, filled, okta } from './scim_requests.mjs';
import {
  GROUP,
  USER,
  assertScimError,
  directory,
  makeGroup,
  makeToken,
  newUser,
  patchOf,
  provision,
  speaker,
} from './scim_world.mjs';
import {
  assertProblem,
  auditOf,
  filesUnder,
  onEachEngine,
  openapi,
  startOn,
  stopClean,
  suite,
  typeSql,
  until,
} from './world.mjs';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

suite('scim', { env: { ANNOTATEAI_RATE_LIMIT: 'false' } }, (server) => {
  let owner;
  let d;
  before(async () => {
    owner = await server().person();
    d = await directory(server(), owner);
  });

  const home = () => `/organizations/${owner.organization.id}`;
  const roleOf = async (user) => {
    const row = await memberOf(user);
    return row?.role;
  };
  const memberOf = async (user) => {
    const { body } = await owner.api('GET', `${home()}/members?limit=200`);
    return body.items.find((one) => one.email === user.emails[0].value.toLowerCase());
  };
  const actionsSince = async (sequence) =>
    (await auditOf(owner)).filter((e) => e.sequence > sequence).map((e) => e.action);
  const lastEntry = async () => (await auditOf(owner))[0].sequence;

  test('what Microsoft Entra ID sends, by its documentation', async () => {
    const { scim } = await directory(server(), await server().person());
    assert.equal((await scim('GET', `/Users${entra.findUser}`)).body.totalResults, 0);
    const made = await scim('POST', '/Users', entra.createUser);
    assert.equal(made.status, 201, made.text);
    assert.match(made.headers.get('content-type'), /^application\/scim\+json/);
    const { id } = made.body;
    assert.equal(made.headers.get('location'), made.body.meta.location);
    assert.ok(made.body.meta.location.endsWith(`/scim/v2/Users/${id}`));
    assert.equal(made.body.externalId, entra.createUser.externalId);
    assert.equal(made.body.userName, entra.createUser.userName);
    assert.deepEqual(made.body.name, entra.createUser.name);
    assert.equal(made.body.active, true);
    assert.equal(made.body.emails[0].value, entra.createUser.emails[0].value);
    for (const filter of [entra.findUser, entra.findByAddress]) {
      const found = await scim('GET', `/Users${filter}`);
      assert.deepEqual(found.body.schemas, [LIST], found.text);
      assert.equal(found.body.totalResults, 1, found.text);
      assert.equal(found.body.Resources[0].id, id);
      assert.equal(found.body.startIndex, 1);
    }
    const nobody = await scim('GET', `/Users${entra.findNobody}`);
    assert.deepEqual(nobody.body.Resources, []);
    assert.equal(nobody.status, 200);
    const many = await scim('PATCH', `/Users/${id}`, entra.updateMultiValued);
    assert.equal(many.status, 200, many.text);
    assert.equal(many.body.emails[0].value, 'updatedEmail@microsoft.com');
    assert.equal(many.body.name.formatted, 'givenName updatedFamilyName');
    const single = await scim('PATCH', `/Users/${id}`, entra.updateSingleValued);
    assert.equal(single.body.userName, entra.updateSingleValued.Operations[0].value);
    for (const [body, active] of [
      [entra.disable, false],
      [entra.enableAsText, true],
      [entra.disableAsText, false],
      [entra.enableAsText, true],
    ]) {
      assert.equal((await scim('PATCH', `/Users/${id}`, body)).body.active, active);
      assert.equal((await scim('GET', `/Users/${id}`)).body.active, active);
    }
    const group = (await scim('POST', '/Groups', entra.createGroup)).body;
    assert.deepEqual(group.members, []);
    const ids = { user: id, group: group.id };
    const seen = await scim('GET', `/Groups/${group.id}${entra.getGroup}`);
    assert.ok(!('members' in seen.body), seen.text);
    const found = await scim('GET', `/Groups${entra.findGroup}`);
    assert.equal(found.body.Resources[0].id, group.id);
    assert.ok(!('members' in found.body.Resources[0]));
    for (const [body, members] of [
      [entra.renameGroup, 0],
      [entra.addMember, 1],
      [entra.addMember, 1],
      [entra.removeMember, 0],
      [entra.removeMember, 0],
    ]) {
      const answer = await scim('PATCH', `/Groups/${group.id}`, filled(body, ids));
      assert.equal(answer.status, 204, answer.text);
      const { body: now } = await scim('GET', `/Groups/${group.id}`);
      assert.equal(now.members.length, members);
      assert.equal(now.displayName, entra.renameGroup.Operations[0].value);
    }
    assert.equal((await scim('DELETE', `/Groups/${group.id}`)).status, 204);
    assert.equal((await scim('DELETE', `/Users/${id}`)).status, 204);
    assertScimError(await scim('GET', `/Users/${id}`), 404);
    const schemas = await scim('GET', '/Schemas');
    assert.deepEqual(
      schemas.body.Resources.map((one) => one.id),
      [USER, GROUP],
    );
  });

  test('what Okta sends, by its documentation', async () => {
    const { scim } = await directory(server(), await server().person());
    assert.equal((await scim('GET', `/Users${okta.testConnection}`)).status, 200);
    assert.equal((await scim('GET', `/Users${okta.findUser}`)).body.totalResults, 0);
    const made = await scim('POST', '/Users', okta.createUser, {
      'content-type': 'application/scim+json; charset=utf-8',
    });
    assert.equal(made.status, 201, made.text);
    assert.ok(!made.text.includes('1mz050nq'), 'a password is no business of ours');
    assert.equal(made.body.displayName, 'Test User');
    assertScimError(await scim('POST', '/Users', okta.createUser), 409, 'uniqueness');
    const other = await provision(scim);
    const list = await scim('GET', `/Users${okta.list}`);
    assert.deepEqual(
      [list.body.totalResults, list.body.itemsPerPage, list.body.startIndex],
      [2, 2, 1],
    );
    const ids = { user: made.body.id, other: other.id };
    const put = await scim('PUT', `/Users/${ids.user}`, filled(okta.replaceUser, ids));
    assert.equal(put.status, 200, put.text);
    assert.equal(put.body.name.formatted, 'Another Excited User');
    assert.ok(!('displayName' in put.body), 'what is not told any more is gone');
    for (const [body, active] of [
      [okta.deactivate, false],
      [okta.activate, true],
    ]) {
      const answer = await scim('PATCH', `/Users/${ids.user}`, body);
      assert.equal(answer.body.active, active, answer.text);
    }
    const group = (await scim('POST', '/Groups', okta.createGroup)).body;
    ids.group = group.id;
    for (const [body, members] of [
      [okta.renameGroup, []],
      [okta.changeMembers, [ids.user]],
      [okta.replaceMembers, [ids.user, ids.other]],
      [okta.changeMembers, [ids.user]],
    ]) {
      const answer = await scim('PATCH', `/Groups/${group.id}`, filled(body, ids));
      assert.equal(answer.status, 204, answer.text);
      const { body: now } = await scim('GET', `/Groups/${group.id}`);
      assert.deepEqual(now.members.map((one) => one.value).toSorted(), members.toSorted());
      assert.equal(now.displayName, 'Test SCIMv20');
    }
    assert.equal((await scim('GET', `/Groups${okta.list}`)).body.totalResults, 1);
    assert.equal((await scim('DELETE', `/Groups/${group.id}`)).status, 204);
  });

  test('the service tells of itself', async () => {
    const config = (await d.scim('GET', '/ServiceProviderConfig')).body;
    assert.equal(config.patch.supported, true);
    assert.equal(config.bulk.supported, false);
    assert.equal(config.filter.maxResults, 100);
    const types = (await d.scim('GET', '/ResourceTypes')).body;
    assert.deepEqual(
      types.Resources.map((one) => [one.name, one.endpoint]),
      [
        ['User', '/Users'],
        ['Group', '/Groups'],
      ],
    );
    assert.equal((await d.scim('GET', '/ResourceTypes/User')).body.schema, USER);
    assert.equal((await d.scim('GET', `/Schemas/${GROUP}`)).body.name, 'Group');
    assertScimError(await d.scim('GET', '/Schemas/urn:x'), 404);
    assertScimError(await d.scim('GET', '/Nothing'), 404);
    assertScimError(await d.scim('PUT', '/Schemas', {}), 405, undefined);
  });

  test('a token reaches nothing but provisioning, and only its own organization', async () => {
    const document = await openapi(server());
    let tried = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      if (path.startsWith('/scim/')) continue;
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.security.length === 0) continue;
        const route = path.replace(/\{[^}]+\}/g, owner.organization.id);
        const answer = await server().call(method.toUpperCase(), route, { token: d.secret });
        assert.equal(answer.status, 401, `${method} ${path} ${answer.status}`);
        ++tried;
      }
    }
    assert.ok(tried > 60);
    assert.equal((await server().call('GET', '/live', { token: d.secret })).status < 500, true);
    const user = await provision(d.scim);
    const group = await makeGroup(d.scim, 'Ours', [user.id]);
    const other = await directory(server(), await server().person());
    const mine = await makeGroup(other.scim, 'Theirs');
    const rename = patchOf({ op: 'replace', path: 'displayName', value: 'stolen' });
    const all = { ...newUser(), active: false };
    for (const [kind, id, patch] of [
      ['Users', user.id, rename],
      ['Groups', group.id, rename],
    ]) {
      for (const [method, body] of [
        ['GET'],
        ['PATCH', patch],
        ['PATCH', {}],
        ['PUT', kind === 'Users' ? all : { schemas: [GROUP], displayName: 'stolen' }],
        ['DELETE'],
      ]) {
        const [foreign, unknown, none] = await Promise.all(
          [id, uuidv7(), 'x'].map((one) => other.scim(method, `/${kind}/${one}`, body)),
        );
        assertScimError(foreign, 404, undefined, `${method} ${kind}`);
        assert.equal(foreign.text, unknown.text);
        assert.equal(none.status, 404);
      }
    }
    const add = (value) => patchOf({ op: 'add', path: 'members', value: [{ value }] });
    const [foreign, unknown] = await Promise.all(
      [user.id, uuidv7()].map((id) => other.scim('PATCH', `/Groups/${mine.id}`, add(id))),
    );
    assertScimError(foreign, 400, 'invalidValue');
    assert.equal(foreign.text, unknown.text);
    for (const filter of [`id eq "${user.id}"`, `userName eq "${user.userName}"`]) {
      const answer = await other.scim('GET', `/Users?filter=${filter}`);
      assert.equal(answer.body.totalResults, 0);
    }
    const inside = await other.scim('GET', `/Groups?filter=members eq "${user.id}"`);
    assert.equal(inside.body.totalResults, 0);
    assert.equal((await d.scim('GET', `/Users/${user.id}`)).body.displayName, user.displayName);
    assert.equal((await d.scim('GET', `/Groups/${group.id}`)).body.displayName, 'Ours');
  });

  test('no other login opens it; wrong tokens are in the trail', async () => {
    const service = await owner.api('POST', `${home()}/service-tokens`, {
      json: { name: 'robot', scopes: ['sso_write'] },
    });
    assert.equal(service.status, 201, service.text);
    for (const secret of [
      null,
      owner.token,
      service.body.secret,
      `${d.secret}x`,
      `scim_${'A'.repeat(43)}`,
      'scim_',
      '',
      `${d.secret.slice(0, -1)}${d.secret.endsWith('A') ? 'B' : 'A'}`,
    ]) {
      const scim = speaker(server(), secret);
      for (const path of ['/Users', '/Nothing', `/Groups/${uuidv7()}`]) {
        const answer = await scim('GET', path);
        assertScimError(answer, 401, undefined, `${secret} ${path}`);
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
        assert.equal(answer.headers.get('cache-control'), 'no-store');
      }
    }
    const basic = await server().call('GET', '/scim/v2/Users', {
      headers: { authorization: `Basic ${d.secret}` },
    });
    assertScimError(basic, 401);
    await until('in the trail', () =>
      /\/scim\/v2\/Users/.test(
        typeSql(
          server(),
          "SELECT object_type FROM audit_entries WHERE outcome = 'denied'",
        ),
      ),
    );
  });

  test('tokens are shown once, kept as a hash, and end at once', async () => {
    const person = await server().person();
    const [first, second] = [await makeToken(person, 'old'), await makeToken(person, 'new')];
    const listed = await person.api('GET', '/scim-tokens');
    assert.deepEqual(
      listed.body.items.map((one) => one.name),
      ['old', 'new'],
    );
    for (const secret of [first.secret, second.secret]) {
      assert.ok(!listed.text.includes(secret));
      for (const file of filesUnder(server().data)) {
        assert.ok(!readFileSync(file).includes(secret.slice(5)), file);
      }
      assert.ok(!server().stderr.includes(secret));
      assert.equal((await speaker(server(), secret)('GET', '/Users')).status, 200);
    }
    const used = (await person.api('GET', '/scim-tokens')).body.items[0];
    assert.ok(used.last_used_at, 'when it was last used');
    const gone = await person.api('DELETE', `/scim-tokens/${first.token.id}`);
    assert.equal(gone.status, 204);
    assertScimError(await speaker(server(), first.secret)('GET', '/Users'), 401);
    const scim = speaker(server(), second.secret);
    assert.equal((await scim('GET', '/Users')).status, 200);
    for (const json of [
      { name: '' },
      { name: 'x', expires_in_days: 0 },
      { name: 'x', expires_in_days: 731 },
    ]) {
      assertProblem(await person.api('POST', '/scim-tokens', { json }), 422);
    }
    const deleted = await person.api('DELETE', `/organizations/${person.organization.id}`);
    assert.equal(deleted.status, 204, deleted.text);
    for (const [method, path, body] of [
      ['GET', '/Users'],
      ['POST', '/Users', newUser()],
      ['GET', '/ServiceProviderConfig'],
    ]) {
      assertScimError(await scim(method, path, body), 401);
    }
  });

  test('who may look after tokens and mappings', async () => {
    const viewer = await member(server(), owner, 'manager');
    const group = await makeGroup(d.scim, 'Guarded');
    for (const [method, path, json] of [
      ['GET', '/scim-tokens'],
      ['POST', '/scim-tokens', { name: 'x' }],
      ['DELETE', `/scim-tokens/${d.token.id}`],
      ['GET', '/scim-users'],
      ['GET', '/scim-groups'],
      ['PUT', `/scim-groups/${group.id}/role`, { role: 'admin' }],
    ]) {
      assertProblem(await viewer.api(method, path, { json }), 403, `${method} ${path}`);
    }
    const limited = await customRole(owner, ['sso_write', 'member_read']);
    const helper = await member(server(), owner, limited.id);
    const give = (role) => helper.api('PUT', `/scim-groups/${group.id}/role`, { json: { role } });
    assert.equal((await give('admin')).body.code, 'beyond_own_rights');
    assert.equal((await give(limited.id)).status, 200);
    const owners = { json: { role: 'owner' } };
    assertProblem(await owner.api('PUT', `/scim-groups/${group.id}/role`, owners), 422);
    const held = await owner.api('DELETE', `${home()}/roles/${limited.id}`);
    assert.equal(held.status, 409, held.text);
  });

  test('active: sessions and membership end within five seconds, and come back', async () => {
    const user = await provision(d.scim);
    const account = (await memberOf(user)).id;
    // The person's own sign-in, as if by the directory.
    const hash = `SELECT password_hash FROM users WHERE email = '${owner.email}'`;
    typeSql(server(), `UPDATE users SET password_hash = (${hash}) WHERE id = '${account}'`);
    const signedIn = await server().call('POST', '/auth/login', {
      json: { email: user.userName, password: 'a good long password' },
    });
    assert.equal(signedIn.status, 200, signedIn.text);
    const token = signedIn.body.access_token;
    assert.equal((await server().call('GET', '/projects', { token })).status, 200);
    const last = await lastEntry();
    const off = await d.scim('PATCH', `/Users/${user.id}`, okta.deactivate);
    assert.equal(off.body.active, false);
    const began = Date.now();
    await until(
      'signed out',
      async () => (await server().call('GET', '/projects', { token })).status === 401,
      6000,
    );
    assert.ok(Date.now() - began < 6000);
    assert.equal(await memberOf(user), undefined);
    const refreshed = await server().call('POST', '/auth/refresh', {
      json: { refresh_token: signedIn.body.refresh_token },
    });
    assert.equal(refreshed.status, 401);
    const actions = await actionsSince(last);
    for (const action of ['member.remove', 'scim_user.update']) {
      assert.ok(actions.includes(action), actions.join(' '));
    }
    const on = await d.scim('PATCH', `/Users/${user.id}`, okta.activate);
    assert.equal(on.body.active, true);
    assert.equal((await memberOf(user)).id, account, 'the same person');
    // Whoever is taken out by hand is seen by the directory, and can be brought back by it.
    await owner.api('DELETE', `${home()}/members/${account}`);
    assert.equal((await d.scim('GET', `/Users/${user.id}`)).body.active, false);
    assert.equal((await d.scim('PATCH', `/Users/${user.id}`, okta.activate)).body.active, true);
    assert.equal((await d.scim('DELETE', `/Users/${user.id}`)).status, 204);
    assert.equal(await memberOf(user), undefined);
  });

  test('accounts known elsewhere, owners and the last owner are not its to take', async () => {
    const stranger = await server().person();
    const count = () => d.scim('GET', '/Users?count=0').then((answer) => answer.body.totalResults);
    const had = await count();
    const texts = new Set();
    const address = (value) => ({ emails: [{ value, type: 'work', primary: true }] });
    const present = await provision(d.scim);
    for (const value of [stranger.email, owner.email, present.userName]) {
      const answer = await d.scim('POST', '/Users', newUser(address(value)));
      assertScimError(answer, 409, 'uniqueness', value);
      texts.add(answer.text);
    }
    assert.equal(texts.size, 1, 'it is not told why');
    assert.equal(await count(), had + 1);
    const move = await d.scim(
      'PATCH',
      `/Users/${present.id}`,
      patchOf(
        { op: 'replace', path: 'displayName', value: 'Half' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: stranger.email },
      ),
    );
    assertScimError(move, 409, 'uniqueness');
    const after = (await d.scim('GET', `/Users/${present.id}`)).body;
    assert.equal(after.displayName, present.displayName, 'nothing half-done');
    assert.equal((await memberOf(present)).name, present.displayName);
    assert.equal((await stranger.api('GET', '/auth/me')).body.user.name, stranger.user.name);
    // The last owner stays.
    const person = await server().person();
    const theirs = await directory(server(), person);
    const heir = await provision(theirs.scim);
    const who = `SELECT id FROM users WHERE email = '${heir.userName}'`;
    typeSql(server(), `UPDATE memberships SET role = 'owner' WHERE user_id = (${who})`);
    typeSql(server(), `DELETE FROM memberships WHERE user_id = '${person.user.id}'`);
    assertScimError(await theirs.scim('PATCH', `/Users/${heir.id}`, okta.deactivate), 409);
    assertScimError(await theirs.scim('DELETE', `/Users/${heir.id}`), 409);
    assert.equal((await theirs.scim('GET', `/Users/${heir.id}`)).body.active, true);
  });

  test('names and addresses follow', async () => {
    const user = await provision(d.scim);
    const moved = `moved-${user.userName}`;
    const changed = await d.scim(
      'PATCH',
      `/Users/${user.id}`,
      patchOf(
        { op: 'replace', path: 'displayName', value: 'Dora Neu' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: moved },
      ),
    );
    assert.equal(changed.status, 200, changed.text);
    const now = await memberOf(changed.body);
    assert.equal(now.name, 'Dora Neu');
    assert.equal(now.email, moved);
    assert.equal(await memberOf(user), undefined);
  });

  test('groups give the roles they are mapped to, in the same change', async () => {
    const [ada, bob] = [await provision(d.scim), await provision(d.scim)];
    const labelers = await makeGroup(d.scim, 'Labelers', [ada.id]);
    const leads = await makeGroup(d.scim, 'Leads');
    const give = async (group, role) => {
      const answer = await owner.api('PUT', `/scim-groups/${group.id}/role`, { json: { role } });
      assert.equal(answer.status, 200, answer.text);
      return answer.body;
    };
    assert.equal(await roleOf(ada), 'viewer');
    const view = await give(labelers, 'annotator');
    assert.deepEqual([view.role, view.members, view.display_name], ['annotator', 1, 'Labelers']);
    assert.equal(await roleOf(ada), 'annotator');
    await give(leads, 'manager');
    const last = await lastEntry();
    await d.scim(
      'PATCH',
      `/Groups/${leads.id}`,
      patchOf({ op: 'add', path: 'members', value: [{ value: ada.id }, { value: bob.id }] }),
    );
    assert.deepEqual([await roleOf(ada), await roleOf(bob)], ['manager', 'manager']);
    assert.deepEqual(await actionsSince(last), ['scim_group.update', 'member.role', 'member.role']);
    await d.scim(
      'PATCH',
      `/Groups/${leads.id}`,
      patchOf({ op: 'remove', path: `members[value eq "${ada.id}"]` }),
    );
    assert.equal(await roleOf(ada), 'annotator', "the other group's");
    await d.scim('DELETE', `/Groups/${leads.id}`);
    assert.equal(await roleOf(bob), 'viewer');
    const people = (await owner.api('GET', '/scim-users')).body.items;
    assert.ok(people.some((one) => one.id === ada.id && one.active));
  });

  test('every change is in the trail, without personal data', async () => {
    const last = await lastEntry();
    const user = await provision(d.scim);
    const group = await makeGroup(d.scim, 'Trail', [user.id]);
    await d.scim('PATCH', `/Users/${user.id}`, okta.deactivate);
    await d.scim('PATCH', `/Users/${user.id}`, okta.deactivate);
    await d.scim('PUT', `/Groups/${group.id}`, { schemas: [GROUP], displayName: 'Trail 2' });
    await d.scim('DELETE', `/Groups/${group.id}`);
    await d.scim('DELETE', `/Users/${user.id}`);
    const entries = (await auditOf(owner)).filter((e) => e.sequence > last);
    assert.deepEqual(
      entries.map((e) => e.action).toReversed(),
      [
        'user.provision',
        'user.link',
        'member.add',
        'scim_user.create',
        'scim_group.create',
        'member.remove',
        'scim_user.update',
        'scim_group.update',
        'scim_group.delete',
        'scim_user.delete',
      ],
    );
    assert.ok(!JSON.stringify(entries).includes('directory.test'));
    assert.ok(entries.every((e) => e.actor_id === d.token.id), 'by which token');
    const { body } = await owner.api('GET', `/organizations/${owner.organization.id}/audit/verify`);
    assert.equal(body.first_bad ?? null, null);
  });
});

onEachEngine('scim: wrong tokens are slowed down, right ones go on', {}, async (engine) => {
  const server = await startOn(engine, {});
  const owner = await server.person();
  const { secret } = await makeToken(owner);
  const wrong = speaker(server, `scim_${'A'.repeat(43)}`);
  const statuses = [];
  for (let i = 0; i < 60; ++i) statuses.push((await wrong('GET', '/Users')).status);
  assert.ok(statuses.includes(429), statuses.join(' '));
  const limited = await wrong('GET', '/Users');
  assertScimError(limited, 429);
  assert.ok(Number(limited.headers.get('retry-after')) > 0);
  // Who signs in from the same address is not held up by it.
  const login = await server.call('POST', '/auth/login', {
    json: { email: owner.email, password: 'a good long password' },
  });
  assert.equal(login.status, 200, login.text);
  assert.equal((await speaker(server, secret)('GET', '/Users')).status, 200);
  await stopClean(server);
});
