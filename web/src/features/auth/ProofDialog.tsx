import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { reauthenticate } from '@/net/accountRoutes';
import type { Confirmation, MfaStatus } from '@/net/mfaRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Skeleton } from '@/ui/Skeleton';
import { ProofFields, confirmationOf, emptyProof, isComplete } from '../security/ProofFields';
import { mfaQuery } from '../security/mfaQuery';
import { useProof } from './proof';

/** When nobody says what there is: the server will ask for the rest. */
const passwordAlone: MfaStatus = {
  totp: false,
  passkeys: [],
  recovery_codes_left: 0,
  has_password: true,
  required: false,
};

/** Asks who is there before a sensitive change, which then goes on. */
export default function ProofDialog() {
  const settle = useProof((state) => state.settle);
  const asked = useQuery(mfaQuery);
  const mfa = asked.data ?? (asked.isError ? passwordAlone : undefined);
  const [proof, setProof] = useState(emptyProof);
  const prove = useMutation({
    mutationFn: (given: Confirmation) => reauthenticate(given),
    onSuccess: () => settle?.(true),
    onError: () => setProof((before) => ({ ...before, code: '' })),
  });
  const complete = mfa !== undefined && isComplete(mfa, proof);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete) prove.mutate(confirmationOf(proof));
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
            disabled={!complete}
            data-testid="proof-button"
          >
            {t('auth.proof.go')}
          </Button>
        </>
      }
    >
      <form id="proof" className="stack" onSubmit={submit}>
        {mfa === undefined ? (
          <Skeleton height={64} />
        ) : (
          <ProofFields
            mfa={mfa}
            proof={proof}
            change={setProof}
            error={prove.error}
            onPasskey={prove.mutate}
          />
        )}
      </form>
    </Dialog>
  );
}
