import { useMutation, useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { type AuditVerdict, auditHead, verifyAudit } from '@/net/auditRoutes';
import { errorText } from '@/net/http';
import { Button } from '@/ui/Button';
import { formatAgo, formatCount } from '@/ui/format';
import { Notice } from '@/ui/Notice';

/** How long the chain is, its signed head, and whether it holds. */
export function AuditChain({ organization }: { organization: string }) {
  const head = useQuery({
    queryKey: ['audit-head', organization],
    queryFn: ({ signal }) => auditHead(organization, signal),
  });
  const check = useMutation({ mutationFn: () => verifyAudit(organization) });
  return (
    <section className="card card-pad audit-chain" aria-label={t('admin.trail.chain')}>
      <div>
        <strong data-testid="audit-length">
          {head.data
            ? t('admin.trail.chainLength', { count: formatCount(head.data.sequence) })
            : t('admin.trail.chain')}
        </strong>
        {head.data ? (
          <p className="audit-object">
            {t('admin.trail.chainHead', { hash: head.data.hash })}{' '}
            {t('admin.trail.signedAt', { ago: formatAgo(head.data.signed_at) })}
          </p>
        ) : null}
      </div>
      <Button
        icon={<ShieldCheck />}
        busy={check.isPending}
        data-testid="audit-verify"
        onClick={() => check.mutate()}
      >
        {t('admin.trail.verify')}
      </Button>
      <div className="audit-verdict" role="status">
        {check.data ? <Verdict verdict={check.data} /> : null}
        {check.isError ? (
          <Notice tone="err" title={t('admin.trail.verifyFailed')}>
            {errorText(check.error)}
          </Notice>
        ) : null}
      </div>
    </section>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  if (verdict.holds) {
    const counts = {
      entries: formatCount(verdict.entries),
      signatures: formatCount(verdict.signatures),
    };
    return <Notice tone="ok" title={t('admin.trail.holds', counts)} />;
  }
  const title = t('admin.trail.broken', { sequence: formatCount(verdict.first_bad ?? 0) });
  return (
    <Notice tone="err" title={title}>
      {verdict.problem ?? ''}
    </Notice>
  );
}
