// An identity provider that signs whatever it is told. What it writes is in canonical form from the
// start (exclusive C14N: sorted attributes, no empty tags), so that hashing the text is enough.
import { execFileSync } from 'node:child_process';
import { createHash, createSign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
export const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
export const EMAIL = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';

export function makeKey(bits = 2048) {
  const folder = mkdtempSync(path.join(tmpdir(), 'saml-key-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', `rsa:${bits}`, '-nodes', '-keyout', key,
    '-out', cert, '-days', '30', '-subj', '/CN=idp'], { stdio: 'ignore' });
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  made.body = made.cert.replace(/-----[^-]+-----|\s/g, '');
  rmSync(folder, { recursive: true });
  return made;
}

export const escapeXml = (text) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
export const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
let ids = 0;
export const newId = () => `_${Date.now().toString(16)}${(++ids).toString(16)}`;

export function metadataOf(idp) {
  const binding = 'urn:oasis:names:tc:SAML:2.0:bindings:';
  const service = (name, kind, place) =>
    `<${name} Binding="${binding}${kind}" Location="${place}"/>`;
  return `<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
    entityID="${idp.entity}"><IDPSSODescriptor protocolSupportEnumeration="${PROTOCOL}">
    <KeyDescriptor use="signing"><KeyInfo xmlns="${DSIG}"><X509Data><X509Certificate>
    ${idp.key.body}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    ${service('SingleLogoutService', 'HTTP-Redirect', `${idp.url}/slo`)}
    ${service('SingleLogoutService', 'HTTP-POST', `${idp.url}/slo`)}
    ${service('SingleSignOnService', 'HTTP-Redirect', `${idp.url}/sso`)}
    ${service('SingleSignOnService', 'HTTP-POST', `${idp.url}/sso`)}
    </IDPSSODescriptor></EntityDescriptor>`;
}

const HASHES = { 'rsa-sha1': ['sha1', `${DSIG}rsa-sha1`, `${DSIG}sha1`],
  'rsa-sha256': ['sha256', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'http://www.w3.org/2001/04/xmlenc#sha256'] };

// The ds:Signature of canonical bytes that have the id.
export function signatureOf(text, id, key, options = {}) {
  const { algorithm = 'rsa-sha256', transforms, inside = '' } = options;
  const [hash, method, digest] = HASHES[algorithm];
  const steps = transforms ?? [`${DSIG}enveloped-signature`, C14N];
  const info = `<ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>` +
    `<ds:Reference URI="#${id}"><ds:Transforms>` +
    steps.map((step) => `<ds:Transform Algorithm="${step}"></ds:Transform>`).join('') +
    `</ds:Transforms><ds:DigestMethod Algorithm="${digest}"></ds:DigestMethod>` +
    `<ds:DigestValue>${createHash(hash).update(text).digest('base64')}</ds:DigestValue>` +
    '</ds:Reference>';
  const value = createSign(hash)
    .update(`<ds:SignedInfo xmlns:ds="${DSIG}">${info}</ds:SignedInfo>`)
    .sign(key.key, 'base64');
  return `<ds:Signature xmlns:ds="${DSIG}"><ds:SignedInfo>${info}</ds:SignedInfo>` +
    `<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>` +
    `<ds:X509Certificate>${key.body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${inside}` +
    '</ds:Signature>';
}

// An assertion without its signature, canonical, and what it was made of.
export function assertionOf(told) {
  const attributes = Object.entries(told.attributes ?? {}).map(([name, values]) =>
    `<saml:Attribute Name="${name}">${[values].flat().map((value) =>
      `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`).join('');
  const time = (name, value) => (value === null ? '' : ` ${name}="${value}"`);
  const id = told.id ?? newId();
  const until = told.until === undefined ? at(300) : told.until;
  const from = told.from === undefined ? at(-5) : told.from;
  const asked = told.inResponseTo ? ` InResponseTo="${told.inResponseTo}"` : '';
  return { id, text: `<saml:Assertion xmlns:saml="${SAML}" ID="${id}" ` +
    `IssueInstant="${at(0)}" Version="2.0"><saml:Issuer>${told.issuer}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="${told.format ?? EMAIL}">${told.nameId}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${told.method ?? BEARER}">` +
    `<saml:SubjectConfirmationData${asked}${time('NotOnOrAfter', until)} ` +
    `Recipient="${told.recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation>` +
    `</saml:Subject><saml:Conditions${time('NotBefore', from)}` +
    `${time('NotOnOrAfter', until)}><saml:AudienceRestriction><saml:Audience>${told.audience}` +
    '</saml:Audience></saml:AudienceRestriction></saml:Conditions>' +
    `<saml:AuthnStatement AuthnInstant="${at(0)}" SessionIndex="${told.session ?? `s${id}`}">` +
    '<saml:AuthnContext><saml:AuthnContextClassRef>' +
    'urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>' +
    '</saml:AuthnContext></saml:AuthnStatement>' +
    (attributes ? `<saml:AttributeStatement>${attributes}</saml:AttributeStatement>` : '') +
    '</saml:Assertion>' };
}

// With the signature behind its issuer.
export const withSignature = (text, signature) =>
  text.replace('</saml:Issuer>', `</saml:Issuer>${signature}`);

export function signed(assertion, key, options) {
  return withSignature(assertion.text, signatureOf(assertion.text, assertion.id, key, options));
}

// A Response around the assertions, canonical too.
export function responseOf(told, inside) {
  const asked = told.inResponseTo ? ` InResponseTo="${told.inResponseTo}"` : '';
  const id = told.responseId ?? newId();
  return { id, text: `<samlp:Response xmlns:samlp="${PROTOCOL}" ` +
    `Destination="${told.destination}" ID="${id}"${asked} IssueInstant="${at(0)}" Version="2.0">` +
    `<saml:Issuer xmlns:saml="${SAML}">${told.responseIssuer ?? told.issuer}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="${told.status ?? SUCCESS}"></samlp:StatusCode>` +
    `</samlp:Status>${inside}</samlp:Response>` };
}

export function logoutRequest(told) {
  const id = newId();
  const session = told.session ? `<samlp:SessionIndex>${told.session}</samlp:SessionIndex>` : '';
  return { id, text: `<samlp:LogoutRequest xmlns:samlp="${PROTOCOL}" ` +
    `Destination="${told.destination}" ID="${id}" IssueInstant="${told.instant ?? at(0)}" ` +
    `Version="2.0"><saml:Issuer xmlns:saml="${SAML}">${told.issuer}</saml:Issuer>` +
    `${told.extensions ?? ''}<saml:NameID xmlns:saml="${SAML}" Format="${EMAIL}">${told.nameId}` +
    `</saml:NameID>${session}` +
    '</samlp:LogoutRequest>' };
}

// A message as the Redirect binding carries it, signed over the query.
export function signedQuery(text, key, { name = 'SAMLRequest', relay, sign = true } = {}) {
  let query = `${name}=${encodeURIComponent(deflateRawSync(text).toString('base64'))}`;
  if (relay !== undefined) query += `&RelayState=${encodeURIComponent(relay)}`;
  if (!sign) return query;
  query += `&SigAlg=${encodeURIComponent('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')}`;
  const signature = createSign('sha256').update(query).sign(key.key, 'base64');
  return `${query}&Signature=${encodeURIComponent(signature)}`;
}
