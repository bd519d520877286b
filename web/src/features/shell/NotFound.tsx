import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { buttonClass } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { usePageTitle } from './usePageTitle';

export function NotFound() {
  usePageTitle(t('shell.notFound.title'));
  return (
    <div className="full-page">
      <EmptyState
        icon={<Compass />}
        title={t('shell.notFound.heading')}
        actions={
          <Link to="/projects" className={buttonClass('primary')}>
            {t('shell.notFound.home')}
          </Link>
        }
      >
        {t('shell.notFound.text')}
      </EmptyState>
    </div>
  );
}
