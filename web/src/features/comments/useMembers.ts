import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PersonRef } from '@/net/historyRoutes';
import { membersQuery } from '../admin/queries';
import { meQuery } from '../auth/queries';

/** Whom one can mention. */
export function useMembers(): readonly PersonRef[] {
  const me = useQuery(meQuery);
  const organization = me.data?.organization.id ?? '';
  const members = useQuery({ ...membersQuery(organization), enabled: organization !== '' });
  return useMemo(
    () => (members.data?.items ?? []).map(({ id, name, email }) => ({ id, name: name || email })),
    [members.data],
  );
}
