// 046-069: SAML. A test provider signs with its own key; whatever is not exactly what it signed for
// this server, this browser and this minute ends in one refusal, one entry of the trail and no
// session.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';

import { startCanary } from './receiver.mjs';
import {
  EMAIL, assertionOf, at, logoutRequest, makeKey, metadataOf, newId, responseOf, signatureOf,
  signed, signedQuery, withSignature,
} from './saml_idp.mjs';
import { assertAlive, assertProblem, auditOf, suite, typeSql } from './world.mjs';

const env = { ANNOTATEAI_RATE_LIMIT: 'false' };
const key = makeKey();
const strange = makeKey();
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

async function addProvider(person, { idp, ...more } = {}) {
  const config = { metadata: metadataOf(idp), groups_attribute: 'groups', ...more.config };
  const made = await person.api('POST', '/sso/providers', {
    json: { kind: 'saml', name: 'Our IdP', enabled: true, ...more, config },
  });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

// An organisation with a SAML provider.
async function saml(server, more = {}) {
  const admin = await server.person();
  const idp = { entity: `https://idp.test/${newId()}`, url: 'https://idp.test', key };
  const provider = await addProvider(admin, { idp, ...more });
  return { server, admin, idp, provider, base: `/api/v1/auth/saml/${provider.id}` };
}

// A browser that was sent to the provider: its cookie and what the request said.
async function depart(world, query = '') {
  const start = `${world.server.url}/api/v1/auth/sso/${world.provider.id}/start${query}`;
  const gone = await fetch(start, { redirect: 'manual' });
  assert.equal(gone.status, 303, await gone.text());
  const cookie = gone.headers.get('set-cookie').split(';')[0];
  const url = new URL(gone.headers.get('location'));
  const packed = Buffer.from(url.searchParams.get('SAMLRequest'), 'base64');
  const request = inflateRawSync(packed).toString();
  return { cookie, state: url.searchParams.get('RelayState'), request, url,
    id: /ID="([^"]+)"/.exec(request)[1] };
}

// What an honest provider would say of a person.
function facts(world, flow, more = {}) {
  const { addresses } = world.provider;
  return { issuer: world.idp.entity, audience: addresses.entity_id, recipient: addresses.acs_url,
    destination: addresses.acs_url, inResponseTo: flow?.id, nameId: `${newId()}@people.test`,
    ...more };
}

async function post(world, flow, xml, { raw, again = true } = {}) {
  const form = new URLSearchParams({ SAMLResponse: raw ?? Buffer.from(xml).toString('base64') });
  if (flow?.state) form.set('RelayState', flow.state);
  if (again) form.set('again', '1');
  const answer = await fetch(`${world.server.url}${world.base}/acs`, {
    method: 'POST', redirect: 'manual', body: form,
    headers: { ...(flow?.cookie ? { cookie: flow.cookie } : {}), origin: 'https://idp.test' },
  });
  const text = await answer.text();
  const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  const session = cookies.find((one) => one.includes('aa_session='));
  return { status: answer.status, text, session, location: answer.headers.get('location'),
    body: text.startsWith('{') ? JSON.parse(text) : undefined };
}

async function me(world, session) {
  const headers = { cookie: session };
  const answer = await fetch(`${world.server.url}/api/v1/auth/me`, { headers });
  return answer.status === 200 ? answer.json() : undefined;
}

async function signIn(world, more = {}) {
  const flow = await depart(world);
  const told = facts(world, flow, more);
  const assertion = assertionOf(told);
  const answer = await post(world, flow, responseOf(told, signed(assertion, key)).text);
  return { ...answer, told, assertion, flow };
}

const count = (world, table) =>
  Number(typeSql(world.server, `select count(*) from ${table}`).replace(/\D/g, ''));

// One refusal that says nothing, one entry, nobody in.
async function refused(world, send, { status = [401], entries = 1 } = {}) {
  const before = { sessions: count(world, 'sessions'), users: count(world, 'users'),
    denials: denials(world) };
  const answer = await send();
  assert.ok(status.includes(answer.status), `${answer.status} ${answer.text}`);
  assert.equal(answer.body?.code, 'saml_refused', answer.text);
  assert.equal(answer.session, undefined);
  assert.equal(count(world, 'sessions'), before.sessions, 'no session');
  assert.equal(count(world, 'users'), before.users, 'no user');
  assert.equal(denials(world) - before.denials, entries, 'one entry of the trail');
}
const denials = (world) =>
  count(world, `audit_entries where action = 'sso.sign_in' and outcome = 'denied' and
    organization_id = '${world.admin.organization.id}'`);

const refusedText = (world, flow, xml, options) =>
  refused(world, () => post(world, flow, xml), options);

suite('SAML', { env }, (server) => {
  let world;
  before(async () => {
    world = await saml(server());
  });

  test('who the provider vouches for is in, by a request that is signed', async () => {
    const { status, session, location, told, flow, text } = await signIn(world, {
      nameId: 'ada@people.test', attributes: { displayName: 'Ada &amp; Co', groups: ['a', 'b'] } });
    assert.equal(status, 303, text);
    assert.equal(location, '/');
    const who = await me(world, session);
    assert.equal(who.user.email, told.nameId);
    assert.equal(who.user.name, 'Ada & Co');
    assert.equal(who.organization.role, 'viewer');
    assert.ok(flow.request.includes(world.provider.addresses.acs_url));
    assert.match(flow.url.searchParams.get('SigAlg'), /rsa-sha256$/);
    const again = await signIn(world, { nameId: 'ada@people.test' });
    assert.equal((await me(world, again.session)).user.id, who.user.id, 'the same person');
  });

  test('our metadata name our places and our key, and no private one', async () => {
    const answer = await fetch(`${world.server.url}${world.base}/metadata`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^application\/samlmetadata\+xml/);
    const text = await answer.text();
    for (const name of ['entity_id', 'acs_url', 'slo_url']) {
      assert.ok(text.includes(world.provider.addresses[name]), name);
    }
    assert.ok(text.includes('<ds:X509Certificate>') && !text.includes('PRIVATE'));
    assert.equal(count(world, "saml_keys where sealed like '%PRIVATE%'"), 0);
    const other = await fetch(`${world.server.url}/api/v1/auth/saml/${newUuid()}/metadata`);
    assert.equal(other.status, 404);
  });

  test('a foreign page’s form is sent once more from here, then bound to its browser', async () => {
    const flow = await depart(world);
    const told = facts(world, flow);
    const xml = responseOf(told, signed(assertionOf(told), key)).text;
    const page = await post(world, { state: flow.state }, xml, { again: false });
    assert.equal(page.status, 200);
    assert.match(page.text, /name="again" value="1"/);
    assert.ok(page.text.includes(Buffer.from(xml).toString('base64')));
    const marked = await post(world, { state: '"><script>x' }, xml, { again: false });
    assert.ok(!marked.text.includes('<script>x'), 'what comes in is escaped');
    assert.equal((await post(world, flow, xml)).status, 303);
  });

  describe('046-053: signature wrapping', () => {
    const wrappings = {
      '046 XSW1: a forged Response is the root, the original stands in its Signature'(real, evil) {
        const original = `<ds:Object>${real.response}</ds:Object>`;
        return evil.response.replace('</samlp:Status>', `</samlp:Status>`).replace(
          '</ds:Signature>', `${original}</ds:Signature>`);
      },
      '047 XSW2: the original Response is a sibling before the Signature'(real, evil) {
        return evil.response.replace('<ds:Signature', `${real.response}<ds:Signature`);
      },
      '048 XSW3: a forged Assertion before the signed one'(real, evil) {
        return real.around(evil.bare + real.assertion);
      },
      '049 XSW4: a forged Assertion wraps the signed one'(real, evil) {
        return real.around(evil.bare.replace('</saml:Assertion>',
          `${real.assertion}</saml:Assertion>`));
      },
      '050 XSW5: a forged Assertion keeps the Signature, the original follows bare'(real, evil) {
        return real.around(withSignature(evil.bare, real.signature) + real.bare);
      },
      '051 XSW6: the original stands in that Signature'(real, evil) {
        return real.around(withSignature(evil.bare,
          real.signature.replace('</ds:Signature>', `${real.bare}</ds:Signature>`)));
      },
      '052 XSW7: a forged Assertion in Extensions in front'(real, evil) {
        return real.around(`<samlp:Extensions>${evil.bare}</samlp:Extensions>${real.assertion}`);
      },
      '053 XSW8: the original in an Object of the Signature'(real, evil) {
        return real.around(withSignature(evil.bare, real.signature.replace('</ds:Signature>',
          `<ds:Object>${real.bare}</ds:Object></ds:Signature>`)));
      },
    };
    for (const [title, wrap] of Object.entries(wrappings)) {
      for (const sameId of [false, true]) {
        test(`${title}${sameId ? ', with its id' : ''}`, async () => {
          const flow = await depart(world);
          const told = facts(world, flow, { nameId: 'mallory@people.test' });
          const plain = assertionOf(told);
          const signature = signatureOf(plain.text, plain.id, key);
          const forged = assertionOf({ ...told, nameId: world.admin.email,
            ...(sameId ? { id: plain.id } : {}) });
          const assertion = withSignature(plain.text, signature);
          const around = (inside) => responseOf(told, inside).text;
          const real = { bare: plain.text, signature, assertion, around,
            response: around(assertion) };
          const evil = { bare: forged.text,
            response: around(withSignature(forged.text, signature)) };
          await refusedText(world, flow, wrap(real, evil));
          const honest = await signIn(world, { nameId: 'mallory@people.test' });
          assert.equal(honest.status, 303, 'the same parts are taken in their places');
        });
      }
    }
  });

  test('054: unsigned, signed around it only, an emptied signature', async () => {
    const flow = await depart(world);
    const told = facts(world, flow);
    const plain = assertionOf(told);
    await refusedText(world, flow, responseOf(told, plain.text).text);
    const whole = responseOf(told, plain.text);
    const outside = signatureOf(whole.text, whole.id, key);
    const around = whole.text.replace('</saml:Issuer>', `</saml:Issuer>${outside}`);
    await refusedText(world, flow, around);
    const empty = `<ds:Signature xmlns:ds="${DSIG}"></ds:Signature>`;
    await refusedText(world, flow, responseOf(told, withSignature(plain.text, empty)).text);
    const valueless = signed(plain, key).replace(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>');
    await refusedText(world, flow, responseOf(told, valueless).text);
    const inner = responseOf(told, signed(plain, key));
    const both = inner.text.replace('</saml:Issuer><samlp:Status>',
      `</saml:Issuer>${signatureOf(inner.text, inner.id, key)}<samlp:Status>`);
    const answer = await post(world, flow, both);
    assert.equal(answer.status, 303, `signed twice it is taken: ${answer.text}`);
  });

  test('055: two assertions, the first signed, the second forged', async () => {
    const flow = await depart(world);
    const told = facts(world, flow);
    const forged = assertionOf({ ...told, nameId: world.admin.email }).text;
    await refusedText(world, flow, responseOf(told, signed(assertionOf(told), key) + forged).text);
  });

  test('056: signed by an attacker whose certificate stands in the message', async () => {
    const flow = await depart(world);
    const told = facts(world, flow, { nameId: world.admin.email });
    await refusedText(world, flow, responseOf(told, signed(assertionOf(told), strange)).text);
  });

  test('SHA-1 and transforms that may leave something out are not taken', async () => {
    const flow = await depart(world);
    const told = facts(world, flow);
    const weak = signed(assertionOf(told), key, { algorithm: 'rsa-sha1' });
    await refusedText(world, flow, responseOf(told, weak).text);
    for (const step of ['http://www.w3.org/TR/1999/REC-xpath-19991116',
      'http://www.w3.org/TR/1999/REC-xslt-19991116', `${DSIG}base64`]) {
      const transforms = [`${DSIG}enveloped-signature`, step];
      const odd = signed(assertionOf(told), key, { transforms });
      await refusedText(world, flow, responseOf(told, odd).text);
    }
  });

  test('058: another audience, recipient, destination, issuer or confirmation', async () => {
    const changes = [
      { audience: 'https://other.test' }, { recipient: 'https://other.test/acs' },
      { destination: 'https://other.test/acs' }, { issuer: 'https://other.test' },
      { responseIssuer: 'https://other.test' },
      { method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' },
      { method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' },
      { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' },
      { format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
    ];
    for (const change of changes) {
      const flow = await depart(world);
      const told = facts(world, flow, change);
      await refusedText(world, flow, responseOf(told, signed(assertionOf(told), key)).text);
    }
  });

  test('059: past, future or without times', async () => {
    const changes = [{ until: at(-120) }, { from: at(120) }, { until: null }, { until: 'never' }];
    for (const change of changes) {
      const flow = await depart(world);
      const told = facts(world, flow, change);
      await refusedText(world, flow, responseOf(told, signed(assertionOf(told), key)).text);
    }
    const late = await signIn(world, { until: at(-30), from: at(30) });
    assert.equal(late.status, 303, `clocks may differ by a minute: ${late.text}`);
  });

  test('061: InResponseTo unknown, of another browser, absent, used', async () => {
    const [flow, other] = [await depart(world), await depart(world)];
    const send = async (told, by) =>
      refusedText(world, by, responseOf(told, signed(assertionOf(told), key)).text);
    await send(facts(world, { id: '_unknown' }), flow);
    await send(facts(world, other), await depart(world));
    const stolen = await depart(world);
    await send(facts(world, stolen), { ...stolen, cookie: other.cookie });
    await send(facts(world, stolen), { ...stolen, cookie: undefined });
    await send(facts(world, undefined), await depart(world));
    await send(facts(world, undefined), {});
    const done = await signIn(world);
    await send(done.told, done.flow);
    await refused(world, () => post(world, done.flow,
      responseOf(done.told, signed(done.assertion, key)).text));
  });

  test('062: a NameID is read whole or not at all', async () => {
    const victim = world.admin.email;
    const [name, host] = victim.split('@');
    for (const nameId of [`${victim}<!---->.evil.test`, `${name}<!-- -->@${host}`,
      `<![CDATA[${victim}]]>`, `${name}&at;${host}`, `${victim}<?x y?>.evil.test`, ` ${victim}`,
      `${victim}\n`, `<b>${victim}</b>.evil.test`, '']) {
      const flow = await depart(world);
      const told = facts(world, flow, { nameId });
      await refusedText(world, flow, responseOf(told, signed(assertionOf(told), key)).text,
        { status: [400, 401] });
    }
    // Without comments and after canonicalisation it is another name, and signed as such.
    const flow = await depart(world);
    const told = facts(world, flow, { nameId: `${victim}.evil.test` });
    const text = responseOf(told, signed(assertionOf(told), key)).text;
    await refusedText(world, flow, text.replace(victim, `${victim}<!---->`), { status: [400] });
    const whole = await post(world, flow, text);
    assert.equal((await me(world, whole.session)).user.email, `${victim}.evil.test`);
  });

  test('064: document types, entities and inclusions reach nothing', async () => {
    const canary = await startCanary();
    const secret = path.join(world.server.data, '..', `saml-secret-${newId()}`);
    writeFileSync(secret, 'the secret of the file');
    const url = `http://127.0.0.1:${canary.port}/x`;
    const lol = Array.from({ length: 12 }, (_, i) =>
      `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const flow = await depart(world);
    const told = facts(world, flow, { nameId: 'x&e;y' });
    const plain = responseOf(told, signed(assertionOf(told), key)).text;
    const prefixes = [
      `<!DOCTYPE a [<!ENTITY e SYSTEM "file://${secret}">]>`,
      `<!DOCTYPE a [<!ENTITY e SYSTEM "${url}">]>`,
      `<!DOCTYPE a [<!ENTITY % p SYSTEM "${url}"> %p;]>`,
      `<!DOCTYPE a SYSTEM "${url}">`,
      `<!DOCTYPE a [<!ENTITY l0 "lol">${lol}<!ENTITY e "&l12;">]>`,
      '<?xml-stylesheet href="x"?>',
    ];
    const memory = world.server.rssMiB();
    for (const prefix of prefixes) {
      await refusedText(world, flow, prefix + plain, { status: [400] });
      await refusedText(world, flow, prefix + plain.replace('x&e;y', 'xy'), { status: [400] });
    }
    const include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" ' +
      `href="file://${secret}" parse="text"></xi:include>`;
    const included = facts(world, flow, { nameId: include });
    await refusedText(world, flow, responseOf(included, signed(assertionOf(included), key)).text);
    assert.equal(canary.hits.length, 0, 'nobody was asked');
    assert.ok(world.server.rssMiB() - memory < 256, 'memory stays');
    assert.ok(!world.server.stderr.includes('the secret of the file'));
    await canary.stop();
  });

  test('065: another organisation’s provider does not become its people', async () => {
    const victim = await server().person();
    const flow = await depart(world);
    const told = facts(world, flow, { nameId: victim.email });
    const before = count(world, 'sessions');
    const answer = await post(world, flow, responseOf(told, signed(assertionOf(told), key)).text);
    assert.equal(answer.status, 401, answer.text);
    assert.equal(answer.session, undefined);
    assert.equal(count(world, 'sessions'), before);
    assert.equal((await auditOf(world.admin))[0].outcome, 'denied');
    assert.equal((await victim.api('GET', '/auth/me')).status, 200);
  });

  test('066: attributes give no role but the mapped ones', async () => {
    const mapped = await saml(server(), { role_rules: [{ value: 'painters', role: 'annotator' }] });
    const roleOf = async (attributes) => {
      const { session, text } = await signIn(mapped, { attributes });
      return (await me(mapped, session))?.organization.role ?? text;
    };
    for (const role of ['owner', 'admin', 'system', '*', 'painters ', 'Painters']) {
      assert.equal(await roleOf({ role, groups: role, Role: role }), role === 'painters ' ?
        'annotator' : 'viewer', role);
    }
    assert.equal(await roleOf({ groups: ['x', 'painters'] }), 'annotator');
    assert.equal(await roleOf({ groups: '<b>painters</b>' }), 'viewer');
    assert.equal(await roleOf({ groups: '&lt;painters&gt;' }), 'viewer');
    assert.equal(await roleOf({ displayName: '<script>alert(1)</script>' }), 'viewer');
    const owner = await mapped.admin.api('POST', '/sso/providers', {
      json: { kind: 'saml', name: 'x', config: { metadata: metadataOf(mapped.idp) },
        default_role: 'owner' } });
    assert.equal(owner.status, 422, owner.text);
    // Unasked, where that is off.
    const told = facts(mapped, undefined);
    await refusedText(mapped, {}, responseOf(told, signed(assertionOf(told), key)).text);
  });

  test('a provider that may come of itself is taken once, and not with an answer', async () => {
    const free = await saml(server(), { config: { idp_initiated: true } });
    const told = facts(free, undefined);
    const xml = responseOf(told, signed(assertionOf(told), key)).text;
    const page = await post(free, {}, xml, { again: false });
    assert.equal(page.status, 200, page.text);
    const answer = await post(free, {}, xml);
    assert.equal(answer.status, 303, answer.text);
    assert.equal((await me(free, answer.session)).user.email, told.nameId);
    await refused(free, () => post(free, {}, xml));
    const flow = await depart(free);
    const asked = facts(free, flow);
    await refused(free, () => post(free, { state: flow.state },
      responseOf(asked, signed(assertionOf(asked), key)).text));
  });

  test('068: bombs, depth and size end at once', async () => {
    const timed = async (status, send) => {
      const began = Date.now();
      const answer = await send();
      assert.ok(status.includes(answer.status), `${answer.status} ${answer.text}`);
      assert.ok(Date.now() - began < 1000, `${Date.now() - began} ms`);
      await assertAlive(world.server);
    };
    const memory = world.server.rssMiB();
    const slo = (query) => world.server.call('GET', `${world.base}/slo?${query}`);
    const zeros = ' '.repeat(5 * 1024 * 1024);
    await timed([413], () => slo(signedQuery(zeros, key)));
    await timed([401], () => slo(signedQuery(zeros, key, { sign: false })));
    const bomb = signedQuery(' '.repeat(50 * 1024 * 1024), key);
    await timed([413, 414, 431], () => slo(bomb));
    const body = `SAMLResponse=${'A'.repeat(50 * 1024 * 1024)}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await timed([413], () => world.server.call('POST', `${world.base}/acs`, { body, headers })
      .catch((error) => {
        assert.match(String(error.cause?.code ?? error), /ECONNRESET|EPIPE|SOCKET/);
        return { status: 413 };
      }));
    const deep = '<a>'.repeat(10_000) + '</a>'.repeat(10_000);
    await timed([400], () => post(world, {}, deep));
    await timed([400, 413], () => post(world, {}, `<a>${'<b/>'.repeat(60_000)}</a>`));
    await timed([400, 401, 413], () => post(world, {}, 'x'.repeat(300 * 1024)));
    await timed([400, 401], () => post(world, {}, '', { raw: '%%%' }));
    assert.ok(world.server.rssMiB() - memory < 256, 'memory stays');
    const { session, told, text } = await signIn(world);
    assert.ok(session, text);
    const more = '<x:y xmlns:x="urn:x">z</x:y>'.repeat(50);
    const request = logoutRequest({ issuer: world.idp.entity, nameId: told.nameId,
      destination: world.provider.addresses.slo_url,
      extensions: `<samlp:Extensions>${more}</samlp:Extensions>` });
    await timed([303, 200], async () => fetch(`${world.server.url}${world.base}/slo?${
      signedQuery(request.text, key)}`, { redirect: 'manual' }));
    assert.equal(await me(world, session), undefined);
  });

  test('069: a logout unsigned, by others or of nobody here ends nothing', async () => {
    const { session, told, assertion } = await signIn(world);
    const slo = world.provider.addresses.slo_url;
    const of = (more = {}) => logoutRequest({ issuer: world.idp.entity, destination: slo,
      nameId: told.nameId, ...more });
    const byQuery = async (query) => {
      const answer = await world.server.call('GET', `${world.base}/slo?${query}`);
      return { status: answer.status, text: answer.text, body: answer.body };
    };
    const byForm = async (xml) => {
      const answer = await world.server.call('POST', `${world.base}/slo`, {
        body: new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64') }) });
      return { status: answer.status, text: answer.text, body: answer.body };
    };
    const enveloped = (request, by) => request.text.replace('</saml:Issuer>',
      `</saml:Issuer>${signatureOf(request.text, request.id, by)}`);
    const refusals = [
      () => byQuery(signedQuery(of().text, key, { sign: false })),
      () => byQuery(signedQuery(of().text, strange)),
      () => byQuery(signedQuery(of().text, key).replace(/RelayState=[^&]*/, '') + '&RelayState=x'),
      () => byQuery(signedQuery(of({ issuer: 'https://other.test' }).text, key)),
      () => byQuery(signedQuery(of({ nameId: 'nobody@people.test' }).text, key)),
      () => byQuery(signedQuery(of({ session: 'another' }).text, key)),
      () => byQuery(signedQuery(of({ destination: 'https://other.test' }).text, key)),
      () => byQuery(signedQuery(of({ instant: at(-8000) }).text, key)),
      () => byForm(of().text),
      () => byForm(enveloped(of(), strange)),
      () => byForm(enveloped(of(), key).replace(told.nameId, 'other@people.test')),
    ];
    for (const send of refusals) {
      await refused(world, send);
      assert.ok(await me(world, session), `the session lives after ${send}`);
    }
    const other = await saml(server());
    const foreign = await fetch(`${world.server.url}${other.base}/slo?${
      signedQuery(of().text, key)}`, { redirect: 'manual' });
    assert.equal(foreign.status, 401);
    assert.ok(await me(world, session));
    const last = of({ session: `s${assertion.id}` });
    const ended = await byFormRaw(world, enveloped(last, key));
    assert.ok([200, 303].includes(ended.status), ended.text);
    assert.equal(await me(world, session), undefined, 'the true one ends it');
    await refused(world, () => byForm(enveloped(last, key)));
  });

  test('signing out here leads to the provider, by a signed request', async () => {
    const { session, told } = await signIn(world);
    const out = await fetch(`${world.server.url}/api/v1/auth/logout`, {
      method: 'POST', headers: { cookie: session, 'x-csrf': '1' } });
    assert.equal(out.status, 200);
    const url = new URL((await out.json()).url);
    assert.equal(url.origin + url.pathname, 'https://idp.test/slo');
    assert.ok(url.searchParams.get('Signature'));
    const request = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest'), 'base64'));
    assert.ok(request.toString().includes(told.nameId));
    assert.equal(await me(world, session), undefined);
    const plain = await world.admin.api('POST', '/auth/logout', {});
    assert.equal(plain.status, 204, 'others have nowhere to go');
    world = await saml(server());
  });

  test('what cannot be trusted is no provider', async () => {
    const weak = makeKey(1024);
    const idp = { entity: 'https://idp.test/x', url: 'https://idp.test', key };
    const bad = [
      metadataOf({ ...idp, key: weak }), metadataOf({ ...idp, url: 'javascript:alert(1)//' }),
      metadataOf({ ...idp, url: 'http://idp.test' }), '<a/>', 'no xml',
      `<!DOCTYPE a>${metadataOf(idp).replace('<?xml version="1.0"?>', '')}`,
      metadataOf(idp).replace(/<KeyDescriptor[\s\S]*<\/KeyDescriptor>/, ''),
    ];
    for (const metadata of bad) {
      const answer = await world.admin.api('POST', '/sso/providers', {
        json: { kind: 'saml', name: 'x', config: { metadata } } });
      assertProblem(answer, 422);
    }
    for (const metadata_url of ['http://127.0.0.1:1/x', 'https://169.254.169.254/x', 'file:///x']) {
      const answer = await world.admin.api('POST', '/sso/providers', {
        json: { kind: 'saml', name: 'x', config: { metadata_url } } });
      assertProblem(answer, 422);
    }
  });
});

async function byFormRaw(world, xml) {
  const answer = await fetch(`${world.server.url}${world.base}/slo`, { method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64') }) });
  return { status: answer.status, text: await answer.text() };
}
const newUuid = () => '0190a000-0000-7000-8000-000000000000';
