import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { createToken, type TokenOwner } from '@/net/tokenRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Checkbox, Input } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/Toast';
import { permissionName } from '../admin/permissionName';
import { scopesOf } from './tokenQueries';

const lives = [1, 7, 30, 90, 180, 365];

export interface NewTokenDialogProps {
  owner: TokenOwner;
  permissions: readonly string[];
  onClose: () => void;
}

export default function NewTokenDialog({ owner, permissions, onClose }: NewTokenDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState(90);
  const [scopes, setScopes] = useState<ReadonlySet<string>>(new Set());
  const make = useMutation({
    mutationFn: () =>
      createToken(owner, { name: name.trim(), scopes: [...scopes], expires_in_days: days }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (make.data) return <MadeDialog made={make.data} onClose={onClose} />;

  const incomplete = name.trim() === '' || scopes.size === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!incomplete) make.mutate();
  };
  const choose = (scope: string, chosen: boolean) => {
    const next = new Set(scopes);
    if (chosen) next.add(scope);
    else next.delete(scope);
    setScopes(next);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      locked={make.isPending}
      width={560}
      title={t('tokens.makeTitle')}
      footer={
        <>
          <Button variant="ghost" disabled={make.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="primary"
            type="submit"
            form="new-token"
            busy={make.isPending}
            disabled={incomplete}
            data-testid="create-token"
          >
            {t('tokens.create')}
          </Button>
        </>
      }
    >
      <form id="new-token" className="stack" onSubmit={submit}>
        <Field label={t('tokens.name')} hint={t('tokens.nameHint')}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={200}
              data-testid="token-name"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('tokens.days')}>
          {(control) => (
            <Select
              {...control}
              value={String(days)}
              options={lives.map((count) => ({
                value: String(count),
                label: t('tokens.daysOption', { count }),
              }))}
              onChange={(event) => setDays(Number(event.target.value))}
            />
          )}
        </Field>
        <fieldset className="token-scopes">
          <legend className="field-label">{t('tokens.scopes')}</legend>
          <p className="field-hint">{t('tokens.scopesHint')}</p>
          <div className="token-scope-list">
            {scopesOf(permissions).map((scope) => (
              <Checkbox
                key={scope}
                label={permissionName(scope)}
                checked={scopes.has(scope)}
                data-testid={`scope-${scope}`}
                onChange={(event) => choose(scope, event.target.checked)}
              />
            ))}
          </div>
        </fieldset>
        {make.isError ? <Notice tone="err">{errorText(make.error)}</Notice> : null}
      </form>
    </Dialog>
  );
}

/** Shows the secret, this once. */
export function MadeDialog({ made, onClose }: { made: { secret: string }; onClose: () => void }) {
  const copy = async () => {
    await navigator.clipboard.writeText(made.secret);
    toast({ tone: 'ok', title: t('tokens.copied') });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width={560}
      title={t('tokens.made')}
      description={t('tokens.madeText')}
      footer={
        <Button variant="primary" data-testid="token-done" onClick={onClose}>
          {t('tokens.done')}
        </Button>
      }
    >
      <Field label={t('tokens.secret')}>
        {(control) => (
          <Input
            {...control}
            className="token-secret"
            readOnly
            value={made.secret}
            data-testid="token-secret"
            onFocus={(event) => event.target.select()}
          />
        )}
      </Field>
      {window.isSecureContext ? (
        <div>
          <Button icon={<Copy />} onClick={() => void copy()}>
            {t('tokens.copy')}
          </Button>
        </div>
      ) : null}
    </Dialog>
  );
}
