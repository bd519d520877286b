import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { ApiError } from '@/net/http';
import { type Factor, type FactorMethod, finishSignIn, stepOptions } from '@/net/mfaRoutes';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { CodeField } from './CodeField';
import { askPasskey, hasPasskeys } from './passkey';
import { problemText } from './problemText';

export interface SecondStepProps {
  pending: string;
  /** Unknown to who came by a link. */
  methods?: readonly FactorMethod[];
  onDone: () => Promise<void> | void;
  /** To the first step. */
  onBack: () => void;
}

/** Signing in: a code, a code on paper, or a passkey. */
export default function SecondStep({ pending, methods, onDone, onBack }: SecondStepProps) {
  const asked = useQuery({
    queryKey: ['second-step', pending],
    queryFn: async () => (await stepOptions(pending)).methods,
    enabled: methods === undefined,
    retry: false,
  });
  const ways = methods ?? asked.data ?? [];
  const [wanted, setWanted] = useState<FactorMethod | null>(null);
  const [code, setCode] = useState('');
  const codes = ways.filter((way) => way !== 'passkey');
  const way = wanted ?? codes[0] ?? 'otp';
  const recovery = way === 'recovery_code';
  const finish = useMutation({
    mutationFn: (factor: Factor) => finishSignIn(pending, factor),
    onSuccess: onDone,
    onError: () => setCode(''),
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const { passkey: options } = await stepOptions(pending);
      if (!options) throw new Error(t('mfa.passkeys.noneHere'));
      await finishSignIn(pending, { passkey: await askPasskey(options) });
    },
    onSuccess: onDone,
  });
  const failure = finish.error ?? passkey.error ?? asked.error;
  const over = failure instanceof ApiError && failure.code === 'invalid_pending';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() === '') return;
    passkey.reset();
    finish.mutate(recovery ? { recovery_code: code } : { otp: code });
  };
  return (
    <form className="login-form" onSubmit={submit} noValidate data-testid="second-step">
      {codes.length > 0 && !over ? (
        <CodeField
          autoFocus
          recovery={recovery}
          value={code}
          change={setCode}
          error={finish.isError ? problemText(finish.error) : null}
        />
      ) : null}
      {failure && (over || !finish.isError) ? (
        <Notice tone="err">{problemText(failure)}</Notice>
      ) : null}
      {codes.length > 0 && !over ? (
        <Button
          type="submit"
          variant="primary"
          size="l"
          block
          busy={finish.isPending}
          disabled={code.trim() === ''}
          data-testid="mfa-submit"
        >
          {t('mfa.step.go')}
        </Button>
      ) : null}
      {ways.includes('passkey') && hasPasskeys() && !over ? (
        <Button
          size="l"
          block
          icon={<KeyRound />}
          busy={passkey.isPending}
          data-testid="mfa-passkey"
          onClick={() => {
            finish.reset();
            passkey.mutate();
          }}
        >
          {t('mfa.step.passkey')}
        </Button>
      ) : null}
      {codes.length > 1 && !over ? (
        <button
          type="button"
          className="link"
          data-testid="mfa-other"
          onClick={() => {
            setCode('');
            finish.reset();
            setWanted(recovery ? 'otp' : 'recovery_code');
          }}
        >
          {t(recovery ? 'mfa.step.useApp' : 'mfa.step.useRecovery')}
        </button>
      ) : null}
      <button type="button" className="link" data-testid="mfa-back" onClick={onBack}>
        {t('mfa.step.back')}
      </button>
    </form>
  );
}
