import { type FormEvent, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Member } from '@/net/adminRoutes';
import type { AuditFilter } from '@/net/auditRoutes';
import { Button } from '@/ui/Button';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Select } from '@/ui/Select';

const nothing = { actor_id: '', action: '', object_id: '', outcome: '', from: '', until: '' };

/** What was typed as the server takes it: without what is empty, times in UTC. */
export function filterOf(typed: typeof nothing): AuditFilter {
  const out: AuditFilter = {};
  for (const name of ['actor_id', 'action', 'object_id', 'outcome'] as const) {
    const text = typed[name].trim();
    if (text !== '') out[name] = text;
  }
  for (const name of ['from', 'until'] as const) {
    const time = typed[name] === '' ? Number.NaN : new Date(typed[name]).getTime();
    if (!Number.isNaN(time)) out[name] = new Date(time).toISOString();
  }
  return out;
}

export function AuditFilters(props: {
  people: readonly Member[];
  search: (filter: AuditFilter) => void;
}) {
  const { people, search } = props;
  const [typed, setTyped] = useState(nothing);
  const put = (name: keyof typeof nothing) => (event: { target: { value: string } }) =>
    setTyped({ ...typed, [name]: event.target.value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(filterOf(typed));
  };
  const reset = () => {
    setTyped(nothing);
    search({});
  };
  const outcomes = [
    { value: '', label: t('admin.trail.any') },
    { value: 'done', label: t('admin.trail.done') },
    { value: 'denied', label: t('admin.trail.denied') },
  ];
  const actors = [
    { value: '', label: t('admin.trail.anyone') },
    ...people.map((one) => ({ value: one.id, label: one.name })),
  ];
  return (
    <form
      className="card card-pad audit-filters"
      role="search"
      aria-label={t('admin.trail.filters')}
      onSubmit={submit}
    >
      <Field label={t('admin.trail.action')}>
        {(control) => (
          <Input
            {...control}
            value={typed.action}
            placeholder={t('admin.trail.actionHint')}
            onChange={put('action')}
          />
        )}
      </Field>
      <Field label={t('admin.trail.actor')}>
        {(control) => (
          <Select {...control} value={typed.actor_id} options={actors} onChange={put('actor_id')} />
        )}
      </Field>
      <Field label={t('admin.trail.object')}>
        {(control) => (
          <Input
            {...control}
            value={typed.object_id}
            placeholder={t('admin.trail.objectHint')}
            onChange={put('object_id')}
          />
        )}
      </Field>
      <Field label={t('admin.trail.outcome')}>
        {(control) => (
          <Select {...control} value={typed.outcome} options={outcomes} onChange={put('outcome')} />
        )}
      </Field>
      <Field label={t('admin.trail.from')}>
        {(control) => (
          <Input {...control} type="datetime-local" value={typed.from} onChange={put('from')} />
        )}
      </Field>
      <Field label={t('admin.trail.until')}>
        {(control) => (
          <Input {...control} type="datetime-local" value={typed.until} onChange={put('until')} />
        )}
      </Field>
      <div className="audit-tools">
        <Button type="submit" variant="primary" data-testid="audit-search">
          {t('admin.trail.search')}
        </Button>
        <Button onClick={reset}>{t('admin.trail.reset')}</Button>
      </div>
    </form>
  );
}
