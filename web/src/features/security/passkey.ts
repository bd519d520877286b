/** The browser's side of passkeys: bytes go to the server as base64url. */
import type {
  AssertionOptions,
  CreationOptions,
  MadePasskey,
  PasskeyAnswer,
} from '@/net/mfaRoutes';

export function hasPasskeys(): boolean {
  return typeof window.PublicKeyCredential === 'function';
}

export function toBase64url(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(bytes, (char) => char.charCodeAt(0));
}

const described = (ids: readonly string[]) =>
  ids.map((id) => ({ type: 'public-key' as const, id: fromBase64url(id) }));

/** Throws what the browser throws: NotAllowedError when the person did not want to. */
export async function askPasskey(options: AssertionOptions): Promise<PasskeyAnswer> {
  const found = (await navigator.credentials.get({
    publicKey: {
      challenge: fromBase64url(options.challenge),
      rpId: options.rp_id,
      allowCredentials: described(options.allow),
      userVerification: options.user_verification,
      timeout: options.timeout_ms,
    },
  })) as PublicKeyCredential | null;
  if (!found) throw new DOMException('no passkey', 'NotAllowedError');
  const answer = found.response as AuthenticatorAssertionResponse;
  const handle = answer.userHandle ? toBase64url(answer.userHandle) : '';
  return {
    id: toBase64url(found.rawId),
    client_data: toBase64url(answer.clientDataJSON),
    authenticator_data: toBase64url(answer.authenticatorData),
    signature: toBase64url(answer.signature),
    ...(handle ? { user_handle: handle } : {}),
  };
}

export async function makePasskey(options: CreationOptions): Promise<MadePasskey> {
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: fromBase64url(options.challenge),
      rp: { id: options.rp_id, name: options.rp_name },
      user: {
        id: fromBase64url(options.user_handle),
        name: options.user_name,
        displayName: options.user_display_name,
      },
      pubKeyCredParams: options.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: described(options.exclude),
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      attestation: 'none',
      timeout: options.timeout_ms,
    },
  })) as PublicKeyCredential | null;
  if (!made) throw new DOMException('no passkey', 'NotAllowedError');
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    client_data: toBase64url(answer.clientDataJSON),
    attestation_object: toBase64url(answer.attestationObject),
  };
}
