import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { t } from '@/i18n/i18n';
import { meQuery } from '../auth/queries';
import { NotFound } from '../shell/NotFound';
import { PageHeader } from '../shell/Page';
import { usePageTitle } from '../shell/usePageTitle';
import { LoadingTable } from './AdminTable';
import { sections } from './sections';
import '../projects/project.css';
import './admin.css';
import './trail.css';

export function AdminPage() {
  const { section } = useParams({ from: '/_app/admin/$section' });
  const me = useQuery(meQuery);
  usePageTitle(t('admin.title'));
  const shown = sections.find(({ name }) => name === section);
  if (!shown) return <NotFound />;
  if (!me.data) return null;
  return (
    <>
      <PageHeader
        title={t('admin.title')}
        description={t('admin.about', { organization: me.data.organization.name })}
      />
      <nav className="tabs" aria-label={t('admin.parts')}>
        {sections.map(({ name, title }) => (
          <Link key={name} to="/admin/$section" params={{ section: name }} className="tab">
            {t(title)}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<LoadingTable label={t(shown.title)} />}>
        <shown.Part me={me.data} />
      </Suspense>
    </>
  );
}
