import { Bell } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { t } from '@/i18n/i18n';
import { classes } from '@/ui/classes';
import { Menu, MenuHead } from '@/ui/Menu';
import { useNews } from './useNews';

const NotificationList = lazy(() => import('./NotificationList'));

const kCountMax = 99;

/** What is unread, in one place: mentions, and work that has ended. */
export function NotificationBell({ small }: { small?: boolean }) {
  const news = useNews();
  const count = news.mentions.length + news.jobs.length;
  const said = count === 0 ? t('notifications.title') : t('notifications.unread', { count });
  return (
    <>
      <Menu
        label={t('notifications.title')}
        trigger={
          <button
            type="button"
            className={classes('btn btn-ghost btn-icon bell', small && 'btn-s')}
            aria-label={said}
            data-testid="mentions-bell"
          >
            <Bell aria-hidden="true" />
            {count > 0 ? (
              <span className="bell-count num" aria-hidden="true">
                {count > kCountMax ? `${kCountMax}+` : count}
              </span>
            ) : null}
          </button>
        }
      >
        <Suspense fallback={<MenuHead>{t('notifications.title')}</MenuHead>}>
          <NotificationList news={news} />
        </Suspense>
      </Menu>
      <span className="visually-hidden" role="status">
        {count > 0 ? said : ''}
      </span>
    </>
  );
}
