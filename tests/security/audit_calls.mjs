// What each route that changes something is asked for here, and what it must write in the trail.
import { boxOperation, tinyPng } from '../functional/harness.mjs';
import { makeGroup, speaker } from './scim_world.mjs';

// Why a route that is no GET writes no entry.
export const QUIET = {
  'POST /auth/refresh': 'a session goes on; only reuse is told',
  'PUT /auth/me/preferences': 'what the web UI remembers, no business of the organization',
  'POST /inference/detect': 'nothing is stored',
  'POST /inference/segment': 'nothing is stored',
  'POST /inference/preview': 'nothing is stored',
  'POST /inference/refine': 'nothing is stored',
  'POST /inference/analyze': 'nothing is stored',
  'POST /assets/{id}/prepare': 'nothing is stored',
  'POST /live/tickets': 'nothing is stored',
  'POST /auth/mfa/options': 'tells how to go on',
  'POST /auth/mfa/challenge': 'tells how to go on',
  'POST /auth/passkey/options': 'tells how to go on',
  'POST /auth/invitation': 'tells what an invitation offers',
  'POST /uploads': 'told when the file is stored: asset.create',
  'PATCH /uploads/{id}': 'told when the file is stored: asset.create',
  'DELETE /uploads/{id}': 'told when the file is stored: asset.create',
  'OPTIONS /uploads': 'tells what the server takes',
};
const scim = (route) => route.replace(' ', ' /scim/v2');
// Needs a model, a letter, a second factor or a directory; tests of theirs look at the trail.
export const ELSEWHERE = new Set([
  'POST /auth/password/forgot',
  'POST /auth/password/reset',
  'POST /auth/email',
  'POST /auth/email/confirm',
  'POST /auth/email/verification',
  'POST /auth/mfa',
  'POST /auth/mfa/totp',
  'POST /auth/mfa/totp/confirm',
  'POST /auth/mfa/totp/remove',
  'POST /auth/mfa/recovery-codes',
  'POST /auth/mfa/turn-off',
  'POST /auth/passkey',
  'POST /auth/passkeys',
  'POST /auth/passkeys/options',
  'PATCH /auth/passkeys/{id}',
  'POST /auth/passkeys/{id}/remove',
  'POST /organizations/{id}/members/{user}/reset-mfa',
  'POST /models',
  'POST /models/{id}/install',
  'POST /models/{id}/benchmark',
  'POST /projects/{id}/preannotations',
  'POST /projects/{id}/embeddings',
  'POST /assets/{id}/similar',
  'POST /assets/{id}/propagate',
  'POST /assets/{id}/suggestions/accept',
  'POST /assets/{id}/suggestions/reject',
  'POST /suggestions/{id}/accept',
  'POST /suggestions/{id}/reject',
  ...['POST /Users', 'PUT /Users/{id}', 'PATCH /Users/{id}', 'DELETE /Users/{id}'].map(scim),
  'POST /sso/providers/{id}/test',
  'POST /auth/sso/discover',
  'POST /auth/sso/{provider}/link',
  'DELETE /auth/sso/links/{provider}',
  'POST /auth/sso/{provider}/ldap',
  'POST /auth/saml/{provider}/acs',
  'POST /auth/saml/{provider}/slo',
  ...['POST /Groups', 'PUT /Groups/{id}', 'PATCH /Groups/{id}', 'DELETE /Groups/{id}'].map(scim),
]);

// One call of each route that changes something, in an order in which each can succeed.
export function calls(server, w) {
  const own = (route) => route.replace('{id}', w.person.organization.id);
  const upload = (name) => {
    const form = new FormData();
    form.append('files', new Blob([tinyPng(40 + name.length, 30)]), name);
    return { body: form };
  };
  const draw = () => ({
    json: { base_revision: 0, operations: [boxOperation(w.project.labels[0].id)] },
  });
  return [
    // route, options, expected actions ('+' is an operation of the asset's own log), keep
    ['POST /organizations', { json: { name: 'Second' } }, null],
    ['PATCH /auth/me', { json: { name: 'Ada' } }, ['user.rename']],
    ['PATCH /organizations/{id}', { path: own, json: { name: 'Renamed' } }, 1],
    ['PATCH /organizations/{id}/policy', { path: own, json: {} }, 1],
    ['PUT /organizations/{id}/quota', { path: own, json: { assets: 1000 } }, 1],
    [
      'POST /organizations/{id}/roles',
      { path: own, json: { name: 'Looker', description: '', permissions: ['project_read'] } },
      1,
      (body) => {
        w.role = body.id;
      },
    ],
    [
      'PATCH /organizations/{id}/roles/{role}',
      { path: (r) => own(r).replace('{role}', w.role), json: { name: 'Looker 2' } },
      1,
    ],
    [
      'DELETE /organizations/{id}/roles/{role}',
      { path: (r) => own(r).replace('{role}', w.role) },
      1,
    ],
    [
      'POST /organizations/{id}/invitations',
      { path: own, json: { email: 'bob@example.test', role: 'annotator' } },
      1,
      (body) => {
        w.invitation = body.invitation;
        w.invitationToken = body.token;
      },
    ],
    [
      'POST /auth/join',
      {
        json: () => ({ token: w.invitationToken, name: 'Bob', password: 'a good long password' }),
        token: null,
      },
      2,
      (body) => {
        w.bob = body.user.id;
      },
    ],
    [
      'POST /organizations/{id}/invitations',
      { path: own, json: { email: 'carl@example.test', role: 'viewer' } },
      1,
      (body) => {
        w.invitation = body.invitation;
      },
    ],
    [
      'DELETE /organizations/{id}/invitations/{invitation}',
      { path: (r) => own(r).replace('{invitation}', w.invitation.id) },
      1,
    ],
    [
      'POST /organizations/{id}/members',
      { path: own, json: { email: 'dora@example.test', role: 'viewer' } },
      1,
    ],
    [
      'PUT /projects/{id}/grants/{user}',
      {
        path: (r) => r.replace('{id}', w.project.id).replace('{user}', w.bob),
        json: { role: 'reviewer' },
      },
      1,
    ],
    [
      'DELETE /projects/{id}/grants/{user}',
      { path: (r) => r.replace('{id}', w.project.id).replace('{user}', w.bob) },
      1,
    ],
    [
      'PATCH /organizations/{id}/members/{user}',
      { path: (r) => own(r).replace('{user}', w.bob), json: { role: 'reviewer' } },
      1,
    ],
    [
      'DELETE /organizations/{id}/members/{user}/sessions',
      { path: (r) => own(r).replace('{user}', w.bob) },
      1,
    ],
    [
      'DELETE /organizations/{id}/members/{user}',
      { path: (r) => own(r).replace('{user}', w.bob) },
      1,
    ],
    [
      'POST /projects',
      { json: { name: 'P', type: 'detection', labels: [{ name: 'a' }] } },
      ['project.create'],
      (body) => {
        w.second = body;
      },
    ],
    [
      'PATCH /projects/{id}',
      { path: (r) => r.replace('{id}', w.second.id), json: { name: 'a\r\nb\u001b[31m' } },
      ['project.update'],
    ],
    ['DELETE /projects/{id}', { path: (r) => r.replace('{id}', w.second.id) }, ['project.delete']],
    [
      'POST /projects/{id}/assets',
      { path: (r) => r.replace('{id}', w.project.id), ...upload('b.png') },
      ['asset.create'],
      (body) => {
        w.more = body.items[0];
      },
    ],
    [
      'PUT /assets/{id}/content',
      {
        path: (r) => r.replace('{id}', w.more.id),
        body: tinyPng(45, 30, 7),
        headers: { 'content-type': 'application/octet-stream' },
      },
      1,
    ],
    [
      'POST /assets/{id}/versions/{version}/restore',
      {
        path: async (r) => {
          const list = await w.person.api('GET', `/assets/${w.more.id}/versions`);
          return r.replace('{id}', w.more.id).replace('{version}', list.body.items.at(-1).id);
        },
      },
      1,
    ],
    [
      'PATCH /assets/{id}',
      { path: (r) => r.replace('{id}', w.more.id), json: { note: 'look here' } },
      ['asset.note'],
    ],
    [
      'POST /assets/{id}/operations',
      { path: (r) => r.replace('{id}', w.asset.id), ...draw() },
      '+',
    ],
    [
      'POST /projects/{id}/annotations',
      {
        path: (r) => r.replace('{id}', w.project.id),
        json: () => ({
          asset_id: w.asset.id,
          label_id: w.project.labels[0].id,
          shape: { type: 'box', x: 1, y: 1, width: 2, height: 2 },
        }),
      },
      '+',
      (body) => {
        w.drawn = body.id;
      },
    ],
    [
      'PATCH /annotations/{id}',
      { path: (r) => r.replace('{id}', w.drawn), json: { label_id: w.project.labels[1].id } },
      '+',
    ],
    ['DELETE /annotations/{id}', { path: (r) => r.replace('{id}', w.drawn) }, '+'],
    ['POST /assets/{id}/undo', { path: (r) => r.replace('{id}', w.asset.id), json: {} }, '+'],
    ['POST /assets/{id}/redo', { path: (r) => r.replace('{id}', w.asset.id), json: {} }, '+'],
    [
      'POST /assets/{id}/restore',
      { path: (r) => r.replace('{id}', w.asset.id), json: { revision: 1 } },
      ['annotation.restore'],
    ],
    [
      'POST /assets/{id}/revert',
      { path: (r) => r.replace('{id}', w.asset.id), json: () => ({ user_id: w.person.user.id }) },
      ['annotation.revert'],
    ],
    [
      'POST /projects/{id}/revert',
      { path: (r) => r.replace('{id}', w.project.id), json: () => ({ user_id: w.person.user.id }) },
      'job',
    ],
    [
      'POST /assets/{id}/suggestions/settle',
      { path: (r) => r.replace('{id}', w.asset.id), json: () => ({ annotation_ids: [w.drawn] }) },
      ['suggestion.settle'],
    ],
    [
      'POST /assets/{id}/threads',
      { path: (r) => r.replace('{id}', w.asset.id), json: { x: 1, y: 2, body: 'hm' } },
      1,
      (body) => {
        w.thread = body;
      },
    ],
    [
      'POST /threads/{id}/comments',
      {
        path: (r) => r.replace('{id}', w.thread.id),
        json: () => ({ body: 'yes', mentions: [w.person.user.id] }),
      },
      1,
      (body) => {
        w.comment = body.comments?.at(-1) ?? body;
      },
    ],
    [
      'POST /mentions/{id}/read',
      {
        path: async (r) => {
          const list = await w.person.api('GET', '/mentions');
          return r.replace('{id}', list.body.items[0].id);
        },
      },
      1,
    ],
    ['POST /mentions/read', { json: {} }, 'maybe'],
    [
      'PATCH /comments/{id}',
      { path: (r) => r.replace('{id}', w.comment.id), json: { body: 'no' } },
      1,
    ],
    ['DELETE /comments/{id}', { path: (r) => r.replace('{id}', w.comment.id) }, 1],
    ['POST /threads/{id}/resolve', { path: (r) => r.replace('{id}', w.thread.id) }, 1],
    ['POST /threads/{id}/reopen', { path: (r) => r.replace('{id}', w.thread.id) }, 1],
    [
      'POST /projects/{id}/exports',
      { path: (r) => r.replace('{id}', w.project.id), json: { format: 'coco' } },
      ['export.start'],
      (body) => {
        w.job = body.job_id;
      },
    ],
    [
      'POST /projects/{id}/imports',
      {
        path: (r) => r.replace('{id}', w.project.id),
        ...(() => {
          const form = new FormData();
          form.append('format', 'coco');
          form.append('file', new Blob(['{']), 'a.json');
          return { body: form };
        })(),
      },
      ['import.start'],
      (body) => {
        w.failing = body.job_id;
      },
    ],
    [
      'POST /jobs/{id}/retry',
      {
        path: async (r) => {
          await server.job(w.person, w.failing);
          return r.replace('{id}', w.failing);
        },
      },
      ['job.retry'],
    ],
    ['POST /jobs/{id}/cancel', { path: (r) => r.replace('{id}', w.failing) }, 'maybe'],
    ['POST /projects/demo', { json: {} }, null],
    [
      'POST /projects/{id}/assets/delete',
      { path: (r) => r.replace('{id}', w.project.id), json: () => ({ asset_ids: [w.more.id] }) },
      ['asset.delete'],
    ],
    ['DELETE /assets/{id}', { path: (r) => r.replace('{id}', w.asset.id) }, ['asset.delete']],
    [
      'POST /auth/tokens',
      { json: { name: 't', scopes: ['project_read'] } },
      ['token.create'],
      (body) => {
        w.token = body.token.id;
      },
    ],
    [
      'DELETE /auth/tokens/{id}',
      { path: (r) => r.replace('{id}', w.token) },
      ['token.revoke'],
    ],
    [
      'POST /organizations/{id}/service-tokens',
      { path: own, json: { name: 't', scopes: ['project_read'] } },
      ['token.create'],
      (body) => {
        w.token = body.token.id;
      },
    ],
    [
      'DELETE /organizations/{id}/service-tokens/{token_id}',
      { path: (r) => own(r).replace('{token_id}', w.token) },
      ['token.revoke'],
    ],
    [
      'POST /organizations/{id}/keys/rotate',
      { path: own, json: { reencrypt: false } },
      ['key.rotate'],
    ],
    [
      'POST /webhooks',
      { json: { name: 'h', url: 'http://127.0.0.1:9/', events: ['nothing'] } },
      ['webhook.create'],
      (body) => {
        w.hook = body.webhook;
      },
    ],
    [
      'PATCH /webhooks/{id}',
      { path: (r) => r.replace('{id}', w.hook.id), json: { name: 'k' } },
      ['webhook.update'],
    ],
    [
      'POST /webhooks/{id}/secret',
      { path: (r) => r.replace('{id}', w.hook.id) },
      ['webhook.renew_secret'],
    ],
    [
      'POST /webhooks/{id}/ping',
      { path: (r) => r.replace('{id}', w.hook.id) },
      ['webhook.ping'],
      (body) => {
        w.delivery = body.id;
      },
    ],
    ['POST /deliveries/{id}/redeliver', { path: (r) => r.replace('{id}', w.delivery) }, 'maybe'],
    [
      'POST /scim-tokens',
      { json: { name: 'Directory' } },
      ['scim_token.create'],
      async (body) => {
        w.scim = body;
      },
    ],
    [
      'PUT /scim-groups/{id}/role',
      {
        path: async (r) => {
          const group = await makeGroup(speaker(server, w.scim.secret), 'Ours');
          return r.replace('{id}', group.id);
        },
        json: { role: 'annotator' },
      },
      ['scim_group.create', 'scim_group.role'],
    ],
    [
      'DELETE /scim-tokens/{id}',
      { path: (r) => r.replace('{id}', w.scim.token.id) },
      ['scim_token.revoke'],
    ],
    [
      'POST /sso/providers',
      {
        json: {
          kind: 'ldap',
          name: 'Directory',
          enabled: false,
          config: {
            url: 'ldaps://127.0.0.1:636',
            bind_dn: 'cn=search,dc=test',
            base_dn: 'ou=people,dc=test',
            user_filter: '(uid={user})',
          },
          secret: 'search secret',
        },
      },
      ['provider.create'],
      (body) => {
        w.provider = body.id;
      },
    ],
    [
      'PATCH /sso/providers/{id}',
      { path: (r) => r.replace('{id}', w.provider), json: { name: 'Directory 2' } },
      ['provider.update'],
    ],
    [
      'DELETE /sso/providers/{id}',
      { path: (r) => r.replace('{id}', w.provider) },
      ['provider.delete'],
    ],
    ['DELETE /webhooks/{id}', { path: (r) => r.replace('{id}', w.hook.id) }, ['webhook.delete']],
    [
      'POST /auth/login',
      { json: () => ({ email: w.person.email, password: 'a good long password' }), token: null },
      ['session.start'],
      (body) => {
        w.login = body;
      },
    ],
    [
      'DELETE /auth/sessions/{id}',
      {
        path: async (r) => {
          const list = await w.person.api('GET', '/auth/sessions');
          return r.replace('{id}', list.body.items.find((s) => !s.current).id);
        },
      },
      1,
    ],
    [
      'POST /auth/reauthenticate',
      { json: { password: 'a good long password' } },
      ['session.prove'],
    ],
    ['DELETE /auth/sessions', {}, 'maybe'],
    [
      'POST /auth/password',
      { json: { current_password: 'a good long password', password: 'another good long one' } },
      1,
    ],
  ].map(([route, options, expected, keep]) => ({ route, options, expected, keep }));
}

// Ends the world, so tried nowhere here: their own tests look at the trail.
export const LAST = new Set([
  'POST /auth/register',
  'POST /auth/logout',
  'POST /auth/switch',
  'POST /auth/accept-invitation',
  'POST /organizations/{id}/leave',
  'DELETE /organizations/{id}',
  'POST /models/remote',
  'DELETE /models/{id}',
]);
