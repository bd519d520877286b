import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Passkey, renamePasskey } from '@/net/mfaRoutes';
import { Button, IconButton } from '@/ui/Button';
import { Input } from '@/ui/Input';
import { formatAgo } from '@/ui/format';
import { toast } from '@/ui/Toast';
import { mfaQuery } from './mfaQuery';
import { problemText } from './problemText';

export function PasskeyRow({ passkey, remove }: { passkey: Passkey; remove: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (given: string) => renamePasskey(passkey.id, given),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: mfaQuery.queryKey });
      setName(null);
    },
    onError: (error) =>
      toast({ tone: 'err', title: t('mfa.failed'), detail: problemText(error) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name?.trim()) rename.mutate(name.trim());
  };
  if (name !== null) {
    return (
      <li>
        <form className="mfa-rename" onSubmit={submit}>
          <Input
            autoFocus
            aria-label={t('mfa.passkeys.name')}
            data-testid="passkey-name"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" busy={rename.isPending} data-testid="passkey-rename-save">
            {t('mfa.passkeys.save')}
          </Button>
          <Button variant="ghost" onClick={() => setName(null)}>
            {t('common.cancel')}
          </Button>
        </form>
      </li>
    );
  }
  return (
    <li className="settings-row" data-testid="passkey">
      <div>
        <strong>{passkey.name}</strong>
        <p>
          {t('mfa.passkeys.added', { ago: formatAgo(passkey.created_at) })}
          {' · '}
          {passkey.last_used_at
            ? t('mfa.passkeys.used', { ago: formatAgo(passkey.last_used_at) })
            : t('mfa.passkeys.unused')}
        </p>
      </div>
      <span className="mfa-actions">
        <IconButton
          label={t('mfa.passkeys.rename', { name: passkey.name })}
          icon={<Pencil />}
          data-testid="passkey-rename"
          onClick={() => setName(passkey.name)}
        />
        <IconButton
          label={t('mfa.passkeys.remove', { name: passkey.name })}
          icon={<Trash2 />}
          data-testid="passkey-remove"
          onClick={remove}
        />
      </span>
    </li>
  );
}
