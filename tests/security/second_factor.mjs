// What people hold in their hands: an authenticator app (RFC 6238) and a passkey (Web
// Authentication), both in a few lines of Node's own cryptography.
import assert from 'node:assert/strict';
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export const PASSWORD = 'a good long password';

function fromBase32(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const c of text) bits += alphabet.indexOf(c).toString(2).padStart(5, '0');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

// The code of the interval `off` from the present one.
export function totp(secret, off = 0) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + off));
  const mac = createHmac('sha1', fromBase32(secret)).update(message).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

// An interval must not end between the making of a code and its use.
export async function steady(leftMs = 6_000) {
  const left = 30_000 - (Date.now() % 30_000);
  if (left < leftMs) await new Promise((resolve) => setTimeout(resolve, left + 50));
}

// Sets up an authenticator app; the interval before the present one is used up.
export async function enrol(person) {
  await steady();
  const begun = await person.api('POST', '/auth/mfa/totp', { json: { password: PASSWORD } });
  assert.equal(begun.status, 200, begun.text);
  const { secret, uri } = begun.body;
  const done = await person.api('POST', '/auth/mfa/totp/confirm', {
    json: { otp: totp(secret, -1) },
  });
  assert.equal(done.status, 200, done.text);
  return { secret, uri, codes: done.body.recovery_codes };
}

const head = (major, value) => {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
};
const int = (value) => (value >= 0 ? head(0, value) : head(1, -1 - value));
const bytes = (value) => Buffer.concat([head(2, value.length), value]);
const text = (value) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const sha256 = (value) => createHash('sha256').update(value).digest();

export class Passkey {
  constructor(origin) {
    this.origin = origin;
    this.id = randomBytes(32);
    this.count = 0;
    this.keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  clientData(type, challenge, change) {
    return Buffer.from(
      JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false, ...change }),
    );
  }

  head(rpId, flags) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.count);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter]);
  }

  make({ challenge, rp_id: rpId }, change = {}) {
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const key = Buffer.concat([
      head(5, 5),
      ...[int(1), int(2), int(3), int(-7), int(-1), int(1)],
      ...[int(-2), bytes(Buffer.from(x, 'base64url')), int(-3), bytes(Buffer.from(y, 'base64url'))],
    ]);
    const size = Buffer.from([this.id.length >> 8, this.id.length & 255]);
    const data = Buffer.concat([this.head(rpId, 0x45), Buffer.alloc(16), size, this.id, key]);
    const attestation = Buffer.concat([
      head(5, 3),
      ...[text('fmt'), text('none'), text('attStmt'), head(5, 0), text('authData'), bytes(data)],
    ]);
    return {
      client_data: this.clientData('webauthn.create', challenge, change).toString('base64url'),
      attestation_object: attestation.toString('base64url'),
    };
  }

  // `flags`: 1 someone was there, 4 and was verified.
  answer({ challenge, rp_id: rpId }, { flags = 5, change = {} } = {}) {
    this.count += 1;
    const clientData = this.clientData('webauthn.get', challenge, change);
    const data = this.head(rpId, flags);
    const signed = Buffer.concat([data, sha256(clientData)]);
    return {
      id: this.id.toString('base64url'),
      client_data: clientData.toString('base64url'),
      authenticator_data: data.toString('base64url'),
      signature: sign('sha256', signed, this.keys.privateKey).toString('base64url'),
    };
  }
}
