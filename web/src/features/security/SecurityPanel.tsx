import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import {
  type Confirmation,
  type MfaStatus,
  addPasskey,
  beginTotp,
  newPasskeyOptions,
  removePasskey,
  removeTotp,
  renewCodes,
  turnOffMfa,
} from '@/net/mfaRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { formatAgo } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { meQuery } from '../auth/queries';
import { deviceName } from '../settings/deviceName';
import { CodesDialog } from './CodesDialog';
import { ConfirmDialog } from './ConfirmDialog';
import { PasskeyRow } from './PasskeyRow';
import { TotpDialog, type TotpSetup } from './TotpDialog';
import { mfaQuery } from './mfaQuery';
import { hasPasskeys, makePasskey } from './passkey';
import { problemText } from './problemText';
import './security.css';

/** A change that waits for its proof. */
interface Change {
  title: string;
  text: string;
  go: string;
  danger?: boolean;
  run: (proof: Confirmation) => Promise<void>;
}

export default function SecurityPanel() {
  const mfa = useQuery(mfaQuery);
  if (mfa.isPending) return <Skeleton height={120} />;
  if (mfa.isError) {
    return (
      <ErrorState
        title={t('mfa.loadFailed')}
        detail={problemText(mfa.error)}
        onRetry={() => void mfa.refetch()}
      />
    );
  }
  return <Factors mfa={mfa.data} />;
}

function Factors({ mfa }: { mfa: MfaStatus }) {
  const client = useQueryClient();
  const [change, setChange] = useState<Change | null>(null);
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const on = mfa.totp || mfa.passkeys.length > 0;
  const reload = async () => {
    await client.invalidateQueries({ queryKey: mfaQuery.queryKey });
    void client.invalidateQueries({ queryKey: meQuery.queryKey });
    void client.invalidateQueries({ queryKey: ['sign-ins'] });
  };
  /** What is told once it is done. */
  const done = async (title: string, fresh: string[] = []) => {
    setChange(null);
    setSetup(null);
    setCodes(fresh);
    toast({ tone: 'ok', title });
    await reload();
  };
  const offer = (): Change => ({
    title: t('mfa.passkeys.add'),
    text: t('mfa.passkeys.addText'),
    go: t('mfa.onward'),
    run: async (proof) => {
      const made = await makePasskey(await newPasskeyOptions(proof));
      const added = await addPasskey(deviceName(navigator.userAgent), made);
      await done(t('mfa.passkeys.isAdded'), added.recovery_codes);
    },
  });
  return (
    <div className="stack">
      {mfa.required && !on ? (
        <Notice tone="warn" testId="mfa-required">
          {t('mfa.required')}
        </Notice>
      ) : null}
      <AppRow
        mfa={mfa}
        setUp={() =>
          setChange({
            title: t('mfa.totp.setUpTitle'),
            text: t('mfa.confirmText'),
            go: t('mfa.onward'),
            run: async (proof) => {
              setSetup(await beginTotp(proof));
              setChange(null);
            },
          })
        }
        remove={() =>
          setChange({
            title: t('mfa.totp.removeTitle'),
            text: t('mfa.totp.removeText'),
            go: t('mfa.remove'),
            danger: true,
            run: async (proof) => {
              await removeTotp(proof);
              await done(t('mfa.totp.removed'));
            },
          })
        }
      />
      <PasskeyList
        mfa={mfa}
        add={() => setChange(offer())}
        remove={(id, name) =>
          setChange({
            title: t('mfa.passkeys.removeTitle', { name }),
            text: t('mfa.passkeys.removeText'),
            go: t('mfa.remove'),
            danger: true,
            run: async (proof) => {
              await removePasskey(id, proof);
              await done(t('mfa.passkeys.removed'));
            },
          })
        }
      />
      {on ? (
        <CodesRow
          left={mfa.recovery_codes_left}
          renew={() =>
            setChange({
              title: t('mfa.codes.renew'),
              text: t('mfa.codes.renewText'),
              go: t('mfa.codes.renew'),
              run: async (proof) => {
                const { recovery_codes } = await renewCodes(proof);
                await done(t('mfa.codes.renewed'), recovery_codes);
              },
            })
          }
          turnOff={() =>
            setChange({
              title: t('mfa.turnOff'),
              text: t(mfa.required ? 'mfa.turnOffRequired' : 'mfa.turnOffText'),
              go: t('mfa.turnOff'),
              danger: true,
              run: async (proof) => {
                await turnOffMfa(proof);
                await done(t('mfa.isOff'));
              },
            })
          }
        />
      ) : null}
      {change ? <ConfirmDialog {...change} mfa={mfa} onClose={() => setChange(null)} /> : null}
      {setup ? (
        <TotpDialog
          setup={setup}
          onClose={() => setSetup(null)}
          onDone={(fresh) => void done(t('mfa.totp.isOn'), fresh)}
        />
      ) : null}
      {codes.length > 0 ? <CodesDialog codes={codes} onClose={() => setCodes([])} /> : null}
    </div>
  );
}

function AppRow(props: { mfa: MfaStatus; setUp: () => void; remove: () => void }) {
  const { mfa } = props;
  return (
    <div className="settings-row" data-testid="mfa-app">
      <div>
        <strong>{t('mfa.totp.title')}</strong>{' '}
        {mfa.totp ? <Badge tone="ok">{t('mfa.on')}</Badge> : null}
        <p>
          {mfa.totp && mfa.totp_added_at
            ? t('mfa.totp.since', { ago: formatAgo(mfa.totp_added_at) })
            : t('mfa.totp.text')}
        </p>
      </div>
      {mfa.totp ? (
        <Button data-testid="totp-remove" onClick={props.remove}>
          {t('mfa.remove')}
        </Button>
      ) : (
        <Button data-testid="totp-set-up" onClick={props.setUp}>
          {t('mfa.totp.setUp')}
        </Button>
      )}
    </div>
  );
}

function PasskeyList(props: {
  mfa: MfaStatus;
  add: () => void;
  remove: (id: string, name: string) => void;
}) {
  const { mfa } = props;
  const missing =
    mfa.passkeys_unavailable ?? (hasPasskeys() ? undefined : t('mfa.passkeys.noneHere'));
  return (
    <div className="stack">
      <div className="settings-row">
        <div>
          <strong>{t('mfa.passkeys.title')}</strong>
          <p>{t('mfa.passkeys.text')}</p>
        </div>
        {missing ? null : (
          <Button data-testid="passkey-add" onClick={props.add}>
            {t('mfa.passkeys.add')}
          </Button>
        )}
      </div>
      {missing ? (
        <Notice testId="passkeys-unavailable">
          {mfa.passkeys_unavailable ? t('mfa.passkeys.needDomain') : missing}
        </Notice>
      ) : null}
      {mfa.passkeys.length > 0 ? (
        <ul className="sign-ins">
          {mfa.passkeys.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              remove={() => props.remove(passkey.id, passkey.name)}
            />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function CodesRow(props: { left: number; renew: () => void; turnOff: () => void }) {
  return (
    <>
      <div className="settings-row" data-testid="mfa-codes">
        <div>
          <strong>{t('mfa.codes.title')}</strong>
          <p>{t('mfa.codes.left', { count: props.left })}</p>
        </div>
        <Button data-testid="codes-renew" onClick={props.renew}>
          {t('mfa.codes.renew')}
        </Button>
      </div>
      <div>
        <Button variant="danger" data-testid="mfa-turn-off" onClick={props.turnOff}>
          {t('mfa.turnOff')}
        </Button>
      </div>
    </>
  );
}
