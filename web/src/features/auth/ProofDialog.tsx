import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { reauthenticate } from '@/net/accountRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { useProof } from './proof';
import { readSignInFailure } from './signIn';

/** Asks who is there before a sensitive change, which then goes on. */
export default function ProofDialog() {
  const settle = useProof((state) => state.settle);
  const [password, setPassword] = useState('');
  const prove = useMutation({
    mutationFn: () => reauthenticate(password),
    onSuccess: () => settle?.(true),
  });
  const failure = prove.isError ? readSignInFailure(prove.error) : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== '') prove.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) settle?.(false);
      }}
      width={440}
      title={t('auth.proof.title')}
      description={t('auth.proof.text')}
      testId="proof"
      footer={
        <>
          <Button variant="ghost" onClick={() => settle?.(false)}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            form="proof"
            variant="primary"
            busy={prove.isPending}
            disabled={password === ''}
            data-testid="proof-button"
          >
            {t('auth.proof.go')}
          </Button>
        </>
      }
    >
      <form id="proof" className="stack" onSubmit={submit}>
        <Field label={t('auth.password')} error={failure.password ?? failure.form}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoFocus
              autoComplete="current-password"
              data-testid="proof-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
