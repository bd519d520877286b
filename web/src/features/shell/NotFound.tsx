import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { buttonClass } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { usePageTitle } from './usePageTitle';

export function NotFound() {
  usePageTitle('Not found');
  return (
    <div className="full-page">
      <EmptyState
        icon={<Compass />}
        title="There is nothing here"
        actions={
          <Link to="/projects" className={buttonClass('primary')}>
            Go to your projects
          </Link>
        }
      >
        The address may be mistyped, or what it led to was deleted, or belongs to another
        organization.
      </EmptyState>
    </div>
  );
}
