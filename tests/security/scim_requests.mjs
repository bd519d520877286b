// What two directories send, as their documentation shows it; {user}, {other} and {group} stand for
// ids that the service gave.
//
// Microsoft: learn.microsoft.com/entra/identity/app-provisioning, "Develop a SCIM endpoint"
// Okta: developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20
const PATCH = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export const entra = {
  createUser: {
    schemas: [USER, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
    externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
    userName: 'Test_User_00aa00aa-bb11-cc22-dd33-44ee44ee44ee',
    active: true,
    emails: [
      {
        primary: true,
        type: 'work',
        value: 'Test_User_11bb11bb-cc22-dd33-ee44-55ff55ff55ff@testuser.com',
      },
    ],
    meta: { resourceType: 'User' },
    name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
    roles: [],
  },
  findUser: '?filter=userName eq "Test_User_00aa00aa-bb11-cc22-dd33-44ee44ee44ee"',
  findByAddress:
    '?filter=emails[type eq "work"].value eq ' +
    '"test_user_11bb11bb-cc22-dd33-ee44-55ff55ff55ff@testuser.com"',
  findNobody: '?filter=userName eq "non-existent user"',
  updateMultiValued: {
    schemas: PATCH,
    Operations: [
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@microsoft.com' },
      { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
    ],
  },
  updateSingleValued: {
    schemas: PATCH,
    Operations: [
      {
        op: 'Replace',
        path: 'userName',
        value: '5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.com',
      },
    ],
  },
  disable: { Operations: [{ op: 'Replace', path: 'active', value: false }], schemas: PATCH },
  // As services without the flag for compliance get it.
  disableAsText: {
    schemas: PATCH,
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  },
  enableAsText: { schemas: PATCH, Operations: [{ op: 'Add', path: 'active', value: 'True' }] },
  createGroup: {
    schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    displayName: 'displayName',
    meta: { resourceType: 'Group' },
  },
  getGroup: '?excludedAttributes=members',
  findGroup: '?excludedAttributes=members&filter=displayName eq "displayName"',
  renameGroup: {
    schemas: PATCH,
    Operations: [
      {
        op: 'Replace',
        path: 'displayName',
        value: '1879db59-3bdf-4490-ad68-ab880a269474updatedDisplayName',
      },
    ],
  },
  addMember: {
    schemas: PATCH,
    Operations: [{ op: 'Add', path: 'members', value: [{ $ref: null, value: '{user}' }] }],
  },
  removeMember: {
    schemas: PATCH,
    Operations: [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: '{user}' }] }],
  },
};

const oktaUser = {
  schemas: [USER],
  userName: 'test.user@okta.local',
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
};

export const okta = {
  testConnection: '?startIndex=1&count=2',
  findUser: '?filter=userName eq "test.user@okta.local"&startIndex=1&count=100',
  createUser: oktaUser,
  list: '?startIndex=1&count=100',
  replaceUser: {
    schemas: [USER],
    id: '{user}',
    userName: 'test.user@okta.local',
    name: { givenName: 'Another', middleName: 'Excited', familyName: 'User' },
    emails: [
      {
        primary: true,
        value: 'test.user@okta.local',
        type: 'work',
        display: 'test.user@okta.local',
      },
    ],
    active: true,
    groups: [],
    meta: { resourceType: 'User' },
  },
  deactivate: { schemas: PATCH, Operations: [{ op: 'replace', value: { active: false } }] },
  activate: { schemas: PATCH, Operations: [{ op: 'replace', value: { active: true } }] },
  createGroup: { schemas: [GROUP], displayName: 'Test SCIMv2', members: [] },
  renameGroup: {
    schemas: PATCH,
    Operations: [{ op: 'replace', value: { id: '{group}', displayName: 'Test SCIMv20' } }],
  },
  changeMembers: {
    schemas: PATCH,
    Operations: [
      { op: 'remove', path: 'members[value eq "{other}"]' },
      {
        op: 'add',
        path: 'members',
        value: [{ value: '{user}', display: 'test.user@okta.local' }],
      },
    ],
  },
  replaceMembers: {
    schemas: PATCH,
    Operations: [
      {
        op: 'replace',
        path: 'members',
        value: [
          { value: '{user}', display: 'test.user@okta.local' },
          { value: '{other}', display: 'test.user@okta.local' },
        ],
      },
    ],
  },
};

export const filled = (body, ids) =>
  JSON.parse(JSON.stringify(body).replace(/\{(user|other|group)\}/g, (_, name) => ids[name]));
