import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Role, invite } from '@/net/adminRoutes';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/Toast';
import { roleName } from './roleName';

interface InviteDialogProps {
  organization: string;
  roles: readonly Role[];
  close: () => void;
}

export function InviteDialog({ organization, roles, close }: InviteDialogProps) {
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('annotator');
  const send = useMutation({
    mutationFn: () => invite(organization, email.trim(), role),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['invitations', organization] });
      if (made.token) return;
      toast({ tone: 'ok', title: t('rights.invitations.sent', { email: made.invitation.email }) });
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== '') send.mutate();
  };
  if (send.data?.token) {
    return <LinkDialog email={send.data.invitation.email} token={send.data.token} close={close} />;
  }
  return (
    <Dialog
      open
      onOpenChange={close}
      width={460}
      title={t('rights.invitations.title')}
      description={t('rights.invitations.intro')}
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            form="invite"
            variant="primary"
            busy={send.isPending}
            disabled={email.trim() === ''}
            data-testid="send-invitation"
          >
            {t('rights.invitations.invite')}
          </Button>
        </>
      }
    >
      <form id="invite" className="stack" onSubmit={submit} noValidate>
        <Field
          label={t('rights.invitations.email')}
          error={send.isError ? errorText(send.error) : null}
        >
          {(control) => (
            <Input
              {...control}
              type="email"
              autoFocus
              autoComplete="off"
              data-testid="invite-email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('rights.invitations.role')}>
          {(control) => (
            <Select
              {...control}
              data-testid="invite-role"
              value={role}
              options={roles.map((one) => ({ value: one.id, label: roleName(one.name) }))}
              onChange={(event) => setRole(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

/** The one time that the link is shown. */
function LinkDialog({ email, token, close }: { email: string; token: string; close: () => void }) {
  const link = `${window.location.origin}/join#token=${token}`;
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(link);
    setCopied(true);
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      width={560}
      title={t('rights.invitations.linkTitle', { email })}
      description={t('rights.invitations.linkText')}
      footer={
        <>
          <Button onClick={() => void copy()}>
            {t(copied ? 'rights.invitations.copied' : 'rights.invitations.copy')}
          </Button>
          <Button variant="primary" onClick={close}>
            {t('common.close')}
          </Button>
        </>
      }
    >
      <Field label={t('rights.invitations.link')}>
        {(control) => (
          <Input
            {...control}
            readOnly
            data-testid="invitation-link"
            value={link}
            onFocus={(event) => event.target.select()}
          />
        )}
      </Field>
    </Dialog>
  );
}
