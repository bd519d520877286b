import { RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '@/i18n/i18n';
import { Button } from './Button';

export interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  tone?: 'err';
}

export function EmptyState({ icon, title, children, actions, tone }: EmptyStateProps) {
  return (
    <div className="empty">
      <div className="empty-art" data-tone={tone} aria-hidden="true">
        {icon}
      </div>
      <h2 className="h3">{title}</h2>
      {children ? <p>{children}</p> : null}
      {actions ? <div className="empty-actions">{actions}</div> : null}
    </div>
  );
}

export interface ErrorStateProps {
  title: string;
  detail?: string;
  onRetry?: () => void;
}

export function ErrorState({ title, detail, onRetry }: ErrorStateProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={<TriangleAlert />}
        tone="err"
        title={title}
        actions={
          onRetry ? (
            <Button icon={<RotateCw />} onClick={onRetry}>
              {t('common.tryAgain')}
            </Button>
          ) : null
        }
      >
        {detail}
      </EmptyState>
    </div>
  );
}
