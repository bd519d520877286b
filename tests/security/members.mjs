// Members of an organization for the tests of rights.
import assert from 'node:assert/strict';

let count = 0;

// Someone new in the owner's organization, by invitation; `role` is a name, or the id of a custom
// one.
export async function member(server, owner, role, name = `m${process.pid}-${++count}`) {
  const organization = owner.organization.id;
  const email = `${name}@example.test`;
  const invited = await owner.api('POST', `/organizations/${organization}/invitations`, {
    json: { email, role },
  });
  assert.equal(invited.status, 201, invited.text);
  const joined = await server.call('POST', '/auth/join', {
    json: { token: invited.body.token, name, password: 'a good long password' },
  });
  assert.equal(joined.status, 201, joined.text);
  return signedIn(server, joined.body);
}

export function signedIn(server, body) {
  const token = body.access_token;
  const api = (method, route, options = {}) => server.call(method, route, { token, ...options });
  return { ...body, token, api, email: body.user.email };
}

export async function signIn(server, email) {
  const answer = await server.call('POST', '/auth/login', {
    json: { email, password: 'a good long password' },
  });
  assert.equal(answer.status, 200, answer.text);
  return signedIn(server, answer.body);
}

export async function customRole(owner, permissions, name = `role ${++count}`) {
  const answer = await owner.api('POST', `/organizations/${owner.organization.id}/roles`, {
    json: { name, permissions },
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

export const memberPath = (owner, person) =>
  `/organizations/${owner.organization.id}/members/${person.user.id}`;

export const giveRole = (by, owner, person, role) =>
  by.api('PATCH', memberPath(owner, person), { json: { role } });
