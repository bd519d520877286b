/** Second factors: the second step of signing in, passkeys, and one's own settings of both. */
import { call } from './http';

const id = encodeURIComponent;

export interface PasskeyAnswer {
  id: string;
  client_data: string;
  authenticator_data: string;
  signature: string;
  user_handle?: string;
}

export interface AssertionOptions {
  challenge: string;
  rp_id: string;
  allow: string[];
  user_verification: UserVerificationRequirement;
  timeout_ms: number;
}

export interface CreationOptions {
  challenge: string;
  rp_id: string;
  rp_name: string;
  user_handle: string;
  user_name: string;
  user_display_name: string;
  algorithms: number[];
  exclude: string[];
  timeout_ms: number;
}

export interface MadePasskey {
  client_data: string;
  attestation_object: string;
}

/** One of them. */
export interface Factor {
  otp?: string;
  recovery_code?: string;
  passkey?: PasskeyAnswer;
}

export interface Confirmation extends Factor {
  password?: string;
}

export type FactorMethod = 'otp' | 'passkey' | 'recovery_code';

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at?: string;
}

export interface MfaStatus {
  totp: boolean;
  totp_added_at?: string;
  totp_last_used_at?: string;
  passkeys: Passkey[];
  recovery_codes_left: number;
  has_password: boolean;
  required: boolean;
  passkeys_unavailable?: string;
}

export interface RecoveryCodes {
  recovery_codes: string[];
}

const post = <T>(path: string, body: unknown = {}) => call<T>(path, { method: 'POST', body });

export const stepOptions = (pending: string) =>
  post<{ methods: FactorMethod[]; passkey?: AssertionOptions }>('/auth/mfa/options', { pending });
export const finishSignIn = (pending: string, factor: Factor) =>
  post<unknown>('/auth/mfa', { pending, ...factor });
export const passkeyOptions = () => post<AssertionOptions>('/auth/passkey/options');
export const signInByPasskey = (passkey: PasskeyAnswer) =>
  post<unknown>('/auth/passkey', { passkey });

export const getMfa = (signal?: AbortSignal) => call<MfaStatus>('/auth/mfa', { signal });
export const proofChallenge = () => post<AssertionOptions>('/auth/mfa/challenge');
export const beginTotp = (proof: Confirmation) =>
  post<{ secret: string; uri: string }>('/auth/mfa/totp', proof);
export const confirmTotp = (otp: string) =>
  post<RecoveryCodes>('/auth/mfa/totp/confirm', { otp });
export const removeTotp = (proof: Confirmation) => post<void>('/auth/mfa/totp/remove', proof);
export const renewCodes = (proof: Confirmation) =>
  post<RecoveryCodes>('/auth/mfa/recovery-codes', proof);
export const turnOffMfa = (proof: Confirmation) => post<void>('/auth/mfa/turn-off', proof);
export const newPasskeyOptions = (proof: Confirmation) =>
  post<CreationOptions>('/auth/passkeys/options', proof);
export const addPasskey = (name: string, made: MadePasskey) =>
  post<RecoveryCodes & { passkey: Passkey }>('/auth/passkeys', { name, ...made });
export const renamePasskey = (passkey: string, name: string) =>
  call<Passkey>(`/auth/passkeys/${id(passkey)}`, { method: 'PATCH', body: { name } });
export const removePasskey = (passkey: string, proof: Confirmation) =>
  post<void>(`/auth/passkeys/${id(passkey)}/remove`, proof);
