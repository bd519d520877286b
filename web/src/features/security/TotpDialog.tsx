import { useMutation } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import encodeQR from 'qr';
import { type FormEvent, useMemo, useState } from 'react';
import { t } from '@/i18n/i18n';
import { confirmTotp } from '@/net/mfaRoutes';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { toast } from '@/ui/Toast';
import { CodeField } from './CodeField';
import { problemText } from './problemText';

export interface TotpSetup {
  secret: string;
  uri: string;
}

export interface TotpDialogProps {
  setup: TotpSetup;
  onClose: () => void;
  onDone: (codes: string[]) => void;
}

/** The secret, as a picture and to be typed, until a code of it is shown. */
export function TotpDialog({ setup, onClose, onDone }: TotpDialogProps) {
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code),
    onSuccess: ({ recovery_codes }) => onDone(recovery_codes),
    onError: () => setCode(''),
  });
  const copy = async () => {
    await navigator.clipboard.writeText(setup.secret);
    toast({ tone: 'ok', title: t('mfa.copied') });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() !== '') confirm.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      locked={confirm.isPending}
      width={520}
      title={t('mfa.totp.setUpTitle')}
      description={t('mfa.totp.setUpText')}
      testId="totp-setup"
      footer={
        <>
          <Button variant="ghost" disabled={confirm.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            form="totp-setup"
            variant="primary"
            busy={confirm.isPending}
            disabled={code.trim() === ''}
            data-testid="totp-confirm"
          >
            {t('mfa.totp.confirm')}
          </Button>
        </>
      }
    >
      <form id="totp-setup" className="stack" onSubmit={submit}>
        <QrCode text={setup.uri} />
        <Field label={t('mfa.totp.key')} hint={t('mfa.totp.keyHint')}>
          {(control) => (
            <Input
              {...control}
              className="mfa-key"
              readOnly
              data-testid="totp-key"
              value={setup.secret.replace(/(.{4})(?=.)/g, '$1 ')}
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        {window.isSecureContext ? (
          <div>
            <Button icon={<Copy />} onClick={() => void copy()}>
              {t('mfa.totp.copy')}
            </Button>
          </div>
        ) : null}
        <CodeField
          recovery={false}
          value={code}
          change={setCode}
          error={confirm.isError ? problemText(confirm.error) : null}
        />
      </form>
    </Dialog>
  );
}

/** Dark on light whatever the theme: cameras want it so. */
export function QrCode({ text }: { text: string }) {
  const rows = useMemo(() => encodeQR(text, 'raw', { ecc: 'medium', border: 4 }), [text]);
  const path = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      className="mfa-qr"
      data-testid="totp-qr"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={t('mfa.totp.qr')}
    >
      <rect width={rows.length} height={rows.length} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
