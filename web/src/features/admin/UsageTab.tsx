import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Limits, type Quota, type UsageDay, saveLimits } from '@/net/adminRoutes';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Field } from '@/ui/Field';
import { formatBytes, formatCount, formatDate } from '@/ui/format';
import { Input } from '@/ui/Input';
import { Progress } from '@/ui/Progress';
import { toast } from '@/ui/Toast';
import { AdminTable, LoadingTable, Refused } from './AdminTable';
import { quotaQuery, usageQuery } from './queries';
import type { SectionProps } from './sections';

const mebibyte = 1024 * 1024;
const seconds = (value: number) => t('rights.usage.seconds', { count: Math.round(value) });

export default function UsageTab({ me }: SectionProps) {
  const allowed = me.permissions.includes('usage_read');
  const organization = me.organization.id;
  const quota = useQuery({ ...quotaQuery(organization), enabled: allowed });
  const days = useQuery({ ...usageQuery(organization), enabled: allowed });
  if (!allowed) return <Refused permission="usage_read" />;
  const failure = quota.error ?? days.error;
  if (failure) {
    return (
      <ErrorState
        title={t('rights.usage.loadFailed')}
        detail={errorText(failure)}
        onRetry={() => void Promise.all([quota.refetch(), days.refetch()])}
      />
    );
  }
  if (!quota.data || !days.data) return <LoadingTable label={t('rights.usage.loading')} />;
  return (
    <div className="stack-l">
      <Meters quota={quota.data} />
      <Days days={days.data} />
      {me.permissions.includes('organization_write') ? (
        <LimitsForm organization={organization} quota={quota.data} />
      ) : null}
    </div>
  );
}

function Meters({ quota }: { quota: Quota }) {
  const { limits } = quota;
  return (
    <div className="usage-meters">
      <Meter
        name="storage"
        title={t('rights.usage.storage')}
        used={quota.storage_bytes}
        limit={limits.storage_bytes}
        write={formatBytes}
      />
      <Meter
        name="assets"
        title={t('rights.usage.assets')}
        used={quota.assets}
        limit={limits.assets}
        write={formatCount}
      />
      <Meter
        name="model"
        title={t('rights.usage.model')}
        used={quota.model_seconds}
        limit={limits.model_seconds}
        write={seconds}
      />
    </div>
  );
}

interface MeterProps {
  name: string;
  title: string;
  used: number;
  limit: number | null | undefined;
  write: (value: number) => string;
}

function Meter({ name, title, used, limit, write }: MeterProps) {
  const limited = limit !== null && limit !== undefined;
  const share = limited ? Math.min(1, limit === 0 ? 1 : used / limit) : 0;
  return (
    <div className="card card-pad stack" data-testid={`usage-${name}`}>
      <strong>{title}</strong>
      <span>
        {limited
          ? t('rights.usage.of', { used: write(used), limit: write(limit) })
          : t('rights.usage.noLimit', { used: write(used) })}
      </span>
      {limited ? <Progress label={title} value={share} /> : null}
    </div>
  );
}

function Days({ days }: { days: readonly UsageDay[] }) {
  if (days.length === 0) return <p className="muted">{t('rights.usage.nothing')}</p>;
  const heads = [
    t('rights.usage.day'),
    t('rights.usage.added'),
    t('rights.usage.bytes'),
    t('rights.usage.time'),
  ];
  return (
    <section className="stack" aria-labelledby="usage-days">
      <h2 className="h3" id="usage-days">
        {t('rights.usage.days')}
      </h2>
      <AdminTable heads={heads}>
        {days.map((day) => (
          <tr key={day.date} data-testid="usage-day">
            <td>{formatDate(`${day.date}T12:00:00Z`)}</td>
            <td className="num">{formatCount(day.assets_added)}</td>
            <td className="num">{formatBytes(day.bytes_added)}</td>
            <td className="num">{seconds(day.model_seconds)}</td>
          </tr>
        ))}
      </AdminTable>
    </section>
  );
}

const shown = (value: number | null | undefined, unit = 1) =>
  value === null || value === undefined ? '' : String(Math.round(value / unit));
const read = (text: string, unit = 1) =>
  text.trim() === '' ? null : Math.max(0, Math.trunc(Number(text)) || 0) * unit;

function LimitsForm({ organization, quota }: { organization: string; quota: Quota }) {
  const client = useQueryClient();
  const [storage, setStorage] = useState(shown(quota.own.storage_bytes, mebibyte));
  const [assets, setAssets] = useState(shown(quota.own.assets));
  const [model, setModel] = useState(shown(quota.own.model_seconds));
  const save = useMutation({
    mutationFn: () => {
      const limits: Limits = {
        storage_bytes: read(storage, mebibyte),
        assets: read(assets),
        model_seconds: read(model),
      };
      return saveLimits(organization, limits);
    },
    onSuccess: (now) => {
      client.setQueryData(quotaQuery(organization).queryKey, now);
      toast({ tone: 'ok', title: t('rights.usage.saved') });
    },
    onError: (error) =>
      toast({ tone: 'err', title: t('rights.members.failed'), detail: errorText(error) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const fields = [
    ['limit-storage', t('rights.usage.storageLimit'), storage, setStorage],
    ['limit-assets', t('rights.usage.assetLimit'), assets, setAssets],
    ['limit-model', t('rights.usage.modelLimit'), model, setModel],
  ] as const;
  return (
    <form className="card card-pad stack" onSubmit={submit} noValidate>
      <div>
        <h2 className="h3">{t('rights.usage.limits')}</h2>
        <p className="muted">{t('rights.usage.limitsText')}</p>
      </div>
      <div className="usage-meters">
        {fields.map(([testId, label, value, change]) => (
          <Field key={testId} label={label}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={0}
                data-testid={testId}
                value={value}
                onChange={(event) => change(event.target.value)}
              />
            )}
          </Field>
        ))}
      </div>
      <div>
        <Button type="submit" busy={save.isPending} data-testid="save-limits">
          {t('rights.usage.save')}
        </Button>
      </div>
    </form>
  );
}
