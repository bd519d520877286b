import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '@/i18n/i18n';
import type { Me } from '@/net/api';
import { errorText } from '@/net/http';
import { giveGroupRole, listScimGroups, listScimPeople, type ScimGroup } from '@/net/scimRoutes';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { formatAgo, formatDateTime } from '@/ui/format';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/Toast';
import { AdminTable, LoadingTable, Refused } from './AdminTable';
import { givable } from './givable';
import { ProvisioningTokens } from './ProvisioningTokens';
import { rolesQuery } from './queries';
import { roleName } from './roleName';

const pageSize = 100;

export default function ProvisioningTab({ me }: { me: Me }) {
  if (!me.permissions.includes('sso_write')) return <Refused permission="sso_write" />;
  return (
    <div className="stack">
      <Part id="scim-tokens" title={t('provisioning.tokens')} about={t('provisioning.about')}>
        <Field label={t('provisioning.baseUrl')} hint={t('provisioning.baseUrlHint')}>
          {(control) => (
            <Input
              {...control}
              readOnly
              value={`${window.location.origin}/scim/v2`}
              data-testid="scim-base-url"
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <p className="muted">{t('provisioning.tokensHint')}</p>
        <ProvisioningTokens />
      </Part>
      <Part id="scim-groups" title={t('provisioning.groups')} about={t('provisioning.groupsHint')}>
        <GroupTable me={me} />
      </Part>
      <Part id="scim-people" title={t('provisioning.people')}>
        <PeopleTable />
      </Part>
    </div>
  );
}

function Part(props: { id: string; title: string; about?: string; children: ReactNode }) {
  const { id, title, about, children } = props;
  return (
    <section className="card card-pad stack" aria-labelledby={id}>
      <div>
        <h2 className="h3" id={id}>
          {title}
        </h2>
        {about ? <p className="muted">{about}</p> : null}
      </div>
      {children}
    </section>
  );
}

function useAll<T>(
  key: string,
  list: (
    options: { cursor: string | undefined; limit: number },
    signal: AbortSignal,
  ) => Promise<{
    items: T[];
    next_cursor?: string | null;
  }>,
) {
  const query = useInfiniteQuery({
    queryKey: ['scim', key],
    queryFn: ({ pageParam, signal }) =>
      list({ cursor: pageParam || undefined, limit: pageSize }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
  return { query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

function Listed(props: {
  query: ReturnType<typeof useAll>['query'];
  empty: string;
  none: boolean;
  children: ReactNode;
}) {
  const { query, empty, none, children } = props;
  if (query.isPending) return <LoadingTable label={t('provisioning.loading')} />;
  if (query.isError) {
    return (
      <ErrorState
        title={t('provisioning.failed')}
        detail={errorText(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (none) return <p className="muted">{empty}</p>;
  return (
    <>
      {children}
      {query.hasNextPage ? (
        <div>
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('provisioning.more')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function GroupTable({ me }: { me: Me }) {
  const { query, items } = useAll('groups', listScimGroups);
  const roles = useQuery(rolesQuery(me.organization.id));
  const choices = givable(roles.data ?? [], me.permissions).filter((one) => one.id !== 'owner');
  return (
    <Listed query={query} empty={t('provisioning.noGroups')} none={items.length === 0}>
      <AdminTable
        heads={[t('provisioning.group'), t('provisioning.members'), t('provisioning.gives')]}
      >
        {items.map((group) => (
          <GroupRow key={group.id} group={group} choices={choices} />
        ))}
      </AdminTable>
    </Listed>
  );
}

function GroupRow(props: { group: ScimGroup; choices: readonly { id: string; name: string }[] }) {
  const { group, choices } = props;
  const client = useQueryClient();
  const give = useMutation({
    mutationFn: (role: string) => giveGroupRole(group.id, role || null),
    onSuccess: () => toast({ tone: 'ok', title: t('provisioning.roleGiven') }),
    onError: (error) =>
      toast({ tone: 'err', title: t('provisioning.roleFailed'), detail: errorText(error) }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['scim'] });
      void client.invalidateQueries({ queryKey: ['members'] });
    },
  });
  const own = !group.role || choices.some((role) => role.id === group.role);
  return (
    <tr data-testid="scim-group">
      <td>
        <strong>{group.display_name}</strong>
      </td>
      <td>{group.members}</td>
      <td>
        {own ? (
          <Select
            small
            aria-label={t('provisioning.roleOf', { group: group.display_name })}
            data-testid="scim-role"
            value={group.role ?? ''}
            disabled={give.isPending}
            options={[
              { value: '', label: t('provisioning.noRole') },
              ...choices.map((role) => ({ value: role.id, label: roleName(role.name) })),
            ]}
            onChange={(event) => give.mutate(event.target.value)}
          />
        ) : (
          <Badge>{roleName(group.role_name ?? '')}</Badge>
        )}
      </td>
    </tr>
  );
}

function PeopleTable() {
  const { query, items } = useAll('people', listScimPeople);
  return (
    <Listed query={query} empty={t('provisioning.noPeople')} none={items.length === 0}>
      <AdminTable
        heads={[t('provisioning.person'), t('provisioning.state'), t('provisioning.changed')]}
      >
        {items.map((person) => (
          <tr key={person.id} data-testid="scim-person">
            <td>
              <strong>{person.name || person.user_name}</strong>
              <div className="muted">{person.email}</div>
            </td>
            <td>
              <Badge tone={person.active ? 'ok' : undefined}>
                {person.active ? t('provisioning.active') : t('provisioning.inactive')}
              </Badge>
            </td>
            <td className="muted" title={formatDateTime(person.updated_at)}>
              {formatAgo(person.updated_at)}
            </td>
          </tr>
        ))}
      </AdminTable>
    </Listed>
  );
}
