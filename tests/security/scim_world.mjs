// A directory that provisions an organization.
import assert from 'node:assert/strict';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let count = 0;

export async function makeToken(person, name = 'Directory') {
  const made = await person.api('POST', '/scim-tokens', { json: { name } });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

const asText = (body) => (typeof body === 'string' ? body : JSON.stringify(body));

// (method, path below /scim/v2, body) with the token.
export const speaker =
  (server, secret) =>
  (method, path, body, headers = {}) =>
    server.call(method, `/scim/v2${encodeURI(path).replaceAll('+', '%2B')}`, {
      ...(secret === null ? {} : { token: secret }),
      ...(body === undefined ? {} : { body: asText(body) }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
    });

export async function directory(server, person) {
  const made = await makeToken(person);
  return { ...made, scim: speaker(server, made.secret) };
}

export const newUser = (more = {}) => {
  const name = `d${process.pid}-${++count}@directory.test`;
  return {
    schemas: [USER],
    userName: name,
    externalId: `x-${count}`,
    displayName: `Dora ${count}`,
    emails: [{ value: name, type: 'work', primary: true }],
    ...more,
  };
};

export async function provision(scim, more = {}) {
  const made = await scim('POST', '/Users', newUser(more));
  assert.equal(made.status, 201, made.text);
  return made.body;
}

export async function makeGroup(scim, displayName, ids = []) {
  const made = await scim('POST', '/Groups', {
    schemas: [GROUP],
    displayName,
    members: ids.map((value) => ({ value })),
  });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

export const patchOf = (...Operations) => ({ schemas: [PATCH], Operations });

// RFC 7644, section 3.12: short, in its own form, nothing of the inside.
export function assertScimError(answer, status, scimType, what = '') {
  const text = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
  assert.equal(answer.status, status, text);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/scim\+json/, text);
  assert.deepEqual(answer.body.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error'], text);
  assert.equal(answer.body.status, String(status), text);
  assert.equal(answer.body.scimType, scimType, text);
  assert.ok(answer.text.length < 2048, text);
  assert.doesNotMatch(answer.text, /SQLite|PostgreSQL|select |insert |\.cpp|scim_users/i, text);
}
