// OpenID providers to sign in by: a real one (oidc-provider), and one made by hand that tells
// whatever a test wants it to; and a browser that keeps cookies and follows no redirect unasked.
import { createHash, createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import http from 'node:http';

import Provider from 'oidc-provider';

export const callbackOf = (server) => `${server.url}/api/v1/auth/sso/callback`;

function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}
function close(server) {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(resolve);
  });
}

// Cookies by host; one for each person at a machine.
export class Browser {
  constructor() {
    this.jars = new Map();
  }

  jar(url) {
    const { host } = new URL(url);
    if (!this.jars.has(host)) this.jars.set(host, new Map());
    return this.jars.get(host);
  }

  async go(url, { method = 'GET', headers = {}, body } = {}) {
    const jar = this.jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...(cookie ? { cookie } : {}), ...headers },
      body,
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line) || value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : text,
      location: location ? new URL(location, url).href : undefined,
      rawLocation: location,
    };
  }

  // From redirect to redirect, until one leads to `end` (not gone to) or none does.
  async follow(url, end) {
    for (let i = 0; i < 12; ++i) {
      if (url.startsWith(end)) return url;
      const answer = await this.go(url);
      if (!answer.location)
        throw new Error(`${url}: ${answer.status} ${answer.text.slice(0, 500)}`);
      url = answer.location;
    }
    throw new Error('too many redirects');
  }
}

// A real provider. `people` are its accounts by their subject: claims; `who()` signs in.
export async function startProvider({ callback, people, who, clients = [] }) {
  const server = http.createServer();
  const issuer = `http://127.0.0.1:${await listen(server)}`;
  const grants = {
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [callback],
  };
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'annotateai', client_secret: 'a secret of the client', ...grants },
      ...clients.map((client) => ({ ...grants, ...client })),
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    cookies: { keys: ['only a test'] },
    features: { devInteractions: { enabled: false } },
    ttl: { Grant: 600, Session: 600, Interaction: 600, AccessToken: 600, IdToken: 600 },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, subject) =>
      people[subject] && {
        accountId: subject,
        claims: async () => ({ sub: subject, ...people[subject] }),
      },
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  provider.on('server_error', (_context, error) => process.stderr.write(`${error.stack}\n`));
  const answer = provider.callback();
  const seen = [];
  server.on('request', async (request, response) => {
    seen.push({ method: request.method, url: request.url });
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    const subject = who();
    const result = subject
      ? { login: { accountId: subject } }
      : { error: 'access_denied', error_description: 'the person said no' };
    return provider.interactionFinished(request, response, result);
  });
  return { issuer, seen, stop: () => close(server) };
}

const base64url = (value) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function rsaKey(kid = randomUUID()) {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...pair, kid, alg: 'RS256' };
}
const jwk = (key) => ({
  ...key.publicKey.export({ format: 'jwk' }),
  kid: key.kid,
  use: 'sig',
  alg: key.alg,
});

export function makeToken(header, claims, key) {
  const text = `${base64url(header)}.${base64url(claims)}`;
  if (header.alg === 'HS256') {
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  }
  if (!key) return `${text}.`;
  const hash = key.alg === 'EdDSA' ? null : 'sha256';
  const options =
    key.alg === 'ES256' ? { key: key.privateKey, dsaEncoding: 'ieee-p1363' } : key.privateKey;
  return `${text}.${sign(hash, Buffer.from(text), options).toString('base64url')}`;
}

// A provider made by hand. What `lie` holds replaces what it would honestly say:
// `header`, `claims`, `token(header, claims, key)`, `discovery`, `userinfo`, `answer` (at the end).
export async function startLiar(lie = {}) {
  const server = http.createServer();
  const issuer = `http://127.0.0.1:${await listen(server)}`;
  const state = {
    issuer,
    lie,
    keys: [rsaKey()],
    codes: new Map(),
    hits: [],
    stop: () => close(server),
  };
  const json = (response, value, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  const authorize = (query, response) => {
    const code = randomUUID();
    state.codes.set(code, Object.fromEntries(query));
    state.asked = Object.fromEntries(query);
    const back = new URL(query.get('redirect_uri'));
    const answer = { code, state: query.get('state'), iss: issuer, ...state.lie.answer };
    for (const [name, value] of Object.entries(answer)) {
      if (value !== undefined) back.searchParams.set(name, value);
    }
    response.writeHead(303, { location: back.href });
    response.end();
  };
  const tokens = (form, response) => {
    const asked = state.codes.get(form.get('code'));
    if (!asked) return json(response, { error: 'invalid_grant' }, 400);
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (challenge !== asked.code_challenge || asked.code_challenge_method !== 'S256') {
      return json(response, { error: 'invalid_grant' }, 400);
    }
    const now = Math.floor(Date.now() / 1000);
    const header = { alg: 'RS256', kid: state.keys[0].kid, typ: 'JWT', ...state.lie.header };
    const claims = {
      iss: issuer,
      sub: 'the-subject',
      aud: asked.client_id,
      iat: now,
      exp: now + 300,
      nonce: asked.nonce,
      // An account belongs to the organization that it came to first.
      email: `someone@p${new URL(issuer).port}.liar.example`,
      email_verified: true,
      name: 'Some One',
      ...state.lie.claims,
    };
    for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
    const make = state.lie.token ?? makeToken;
    return json(response, {
      token_type: 'Bearer',
      access_token: 'an-access-token',
      id_token: make(header, claims, state.keys[0]),
    });
  };
  server.on('request', (request, response) => {
    const url = new URL(request.url, issuer);
    state.hits.push(`${request.method} ${url.pathname}`);
    if (url.pathname === '/.well-known/openid-configuration') {
      return json(response, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        userinfo_endpoint: `${issuer}/userinfo`,
        authorization_response_iss_parameter_supported: true,
        ...state.lie.discovery,
      });
    }
    if (url.pathname === '/jwks') return json(response, { keys: state.keys.map(jwk) });
    if (url.pathname === '/authorize') return authorize(url.searchParams, response);
    if (url.pathname === '/userinfo')
      return json(response, state.lie.userinfo ?? { sub: 'the-subject' });
    if (url.pathname !== '/token') return json(response, {}, 404);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      state.authorization = request.headers.authorization;
      state.form = new URLSearchParams(body);
      tokens(state.form, response);
    });
  });
  return state;
}

// An organisation's provider row.
export async function addProvider(person, issuer, more = {}) {
  const { config, ...rest } = more;
  const made = await person.api('POST', '/sso/providers', {
    json: {
      kind: 'oidc',
      name: 'Company',
      enabled: true,
      secret: 'a secret of the client',
      config: { issuer, client_id: 'annotateai', groups_claim: 'groups', ...config },
      ...rest,
    },
  });
  if (made.status !== 201) throw new Error(`provider: ${made.status} ${made.text}`);
  return made.body;
}

// Goes to the provider; answers the address at which the browser would come back.
export async function leave(server, browser, provider, returnTo = '/') {
  const query = `?return_to=${encodeURIComponent(returnTo)}`;
  return browser.follow(
    `${server.url}/api/v1/auth/sso/${provider.id}/start${query}`,
    callbackOf(server),
  );
}
export async function signIn(server, browser, provider, returnTo = '/') {
  const back = await leave(server, browser, provider, returnTo);
  return { back, ...(await browser.go(back)) };
}
export async function whoIs(server, browser) {
  const answer = await browser.go(`${server.url}/api/v1/auth/me`);
  return answer.status === 200 ? answer.body : undefined;
}
