import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Confirmation, MfaStatus } from '@/net/mfaRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ProofFields, confirmationOf, emptyProof, isComplete } from './ProofFields';

export interface ConfirmDialogProps {
  mfa: MfaStatus;
  title: string;
  text: string;
  go: string;
  danger?: boolean;
  onClose: () => void;
  /** The change itself; a failure is shown and can be tried again. */
  run: (proof: Confirmation) => Promise<void>;
}

/** A change of one's own second factors, which wants them and the password. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { mfa, onClose } = props;
  const [proof, setProof] = useState(emptyProof);
  const run = useMutation({
    mutationFn: props.run,
    onError: () => setProof((before) => ({ ...before, code: '' })),
  });
  const complete = isComplete(mfa, proof);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete) run.mutate(confirmationOf(proof));
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      locked={run.isPending}
      width={460}
      title={props.title}
      description={props.text}
      testId="mfa-confirm"
      footer={
        <>
          <Button variant="ghost" disabled={run.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            form="mfa-confirm"
            variant={props.danger ? 'danger' : 'primary'}
            busy={run.isPending}
            disabled={!complete}
            data-testid="mfa-confirm-button"
          >
            {props.go}
          </Button>
        </>
      }
    >
      <form id="mfa-confirm" className="stack" onSubmit={submit}>
        <ProofFields
          mfa={mfa}
          proof={proof}
          change={setProof}
          error={run.error}
          onPasskey={run.mutate}
        />
      </form>
    </Dialog>
  );
}
