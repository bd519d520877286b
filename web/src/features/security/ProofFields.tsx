import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { ApiError } from '@/net/http';
import { type Confirmation, type MfaStatus, proofChallenge } from '@/net/mfaRoutes';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { CodeField } from './CodeField';
import { askPasskey, hasPasskeys } from './passkey';
import { problemText } from './problemText';

export interface ProofState {
  password: string;
  code: string;
  recovery: boolean;
}

export const emptyProof: ProofState = { password: '', code: '', recovery: false };

const hasFactor = (mfa: MfaStatus) => mfa.totp || mfa.passkeys.length > 0;

export function isComplete(mfa: MfaStatus, proof: ProofState): boolean {
  const password = !mfa.has_password || proof.password !== '';
  return password && (!hasFactor(mfa) || proof.code.trim() !== '');
}

export function confirmationOf({ password, code, recovery }: ProofState): Confirmation {
  return {
    ...(password === '' ? {} : { password }),
    ...(code.trim() === '' ? {} : recovery ? { recovery_code: code } : { otp: code }),
  };
}

export interface ProofFieldsProps {
  mfa: MfaStatus;
  proof: ProofState;
  change: (proof: ProofState) => void;
  /** Of the last try. */
  error: unknown;
  /** A passkey has answered in place of a code. */
  onPasskey: (proof: Confirmation) => void;
}

/** The password where there is one, the second factor where there is one. */
export function ProofFields({ mfa, proof, change, error, onPasskey }: ProofFieldsProps) {
  const [open] = useState(hasFactor(mfa));
  const passkey = useMutation({
    mutationFn: async () => askPasskey(await proofChallenge()),
    onSuccess: (answer) =>
      onPasskey({ ...confirmationOf({ ...proof, code: '' }), passkey: answer }),
  });
  const recovery = proof.recovery || !mfa.totp;
  const code = error instanceof ApiError ? error.code : '';
  const wrongPassword = code === 'wrong_password' ? problemText(error) : null;
  const wrongCode = code === 'wrong_code' ? problemText(error) : null;
  const other = passkey.error ?? (error && !wrongPassword && !wrongCode ? error : null);
  return (
    <>
      {mfa.has_password ? (
        <Field label={t('auth.password')} error={wrongPassword}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoFocus
              autoComplete="current-password"
              data-testid="proof-password"
              value={proof.password}
              onChange={(event) => change({ ...proof, password: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {open ? (
        <CodeField
          recovery={recovery}
          value={proof.code}
          change={(value) => change({ ...proof, code: value, recovery })}
          error={wrongCode}
          autoFocus={!mfa.has_password}
        />
      ) : null}
      {open && mfa.totp && mfa.recovery_codes_left > 0 ? (
        <button
          type="button"
          className="link"
          data-testid="proof-other"
          onClick={() => change({ ...proof, code: '', recovery: !proof.recovery })}
        >
          {t(proof.recovery ? 'mfa.step.useApp' : 'mfa.step.useRecovery')}
        </button>
      ) : null}
      {mfa.passkeys.length > 0 && hasPasskeys() ? (
        <Button
          icon={<KeyRound />}
          busy={passkey.isPending}
          disabled={mfa.has_password && proof.password === ''}
          data-testid="proof-passkey"
          onClick={() => passkey.mutate()}
        >
          {t('mfa.step.passkey')}
        </Button>
      ) : null}
      {other ? <Notice tone="err">{problemText(other)}</Notice> : null}
    </>
  );
}
