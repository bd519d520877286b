import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '@/i18n/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Delayed, Skeleton } from '@/ui/Skeleton';

export function AdminTable({ heads, children }: { heads: readonly string[]; children: ReactNode }) {
  return (
    <div className="card table-wrap">
      <table className="table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function LoadingTable({ label }: { label: string }) {
  return (
    <Delayed>
      <div className="card card-pad stack" aria-label={label}>
        {Array.from({ length: 5 }, (_, index) => (
          <Skeleton key={index} height={32} />
        ))}
      </div>
    </Delayed>
  );
}

/** In place of a part that the role does not show. */
export function Refused({ permission }: { permission: string }) {
  return (
    <div className="card">
      <EmptyState icon={<Lock />} title={t('rights.refused')}>
        {t('rights.refusedText', { permission })}
      </EmptyState>
    </div>
  );
}
