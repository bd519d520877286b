import '@fontsource-variable/inter/wght.css';
import '@/ui/index.css';
import '@/features/shell/shell.css';
// Here, not with the bell: a sheet of a shared chunk is linked before those with the layers.
import '@/features/notifications/notifications.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { warnBeforeLosingUploads } from '@/features/assets/uploads';
import { meQuery } from '@/features/auth/queries';
import { safeNext } from '@/features/auth/signIn';
import { askForProof } from '@/features/auth/proof';
import { askToSignIn, keepsWork } from '@/features/auth/signInAgain';
import { startTheme } from '@/features/settings/theme';
import { startLanguage } from '@/i18n/i18n';
import { onHeldBack, onProofNeeded, onSignedOut } from '@/net/http';
import { TooltipProvider } from '@/ui/Tooltip';
import { startEarly } from './early';
import { queryClient } from './queryClient';
import { router } from './routes';

startEarly(window.location);
startTheme();
warnBeforeLosingUploads();

onProofNeeded(askForProof);
onHeldBack(() => {
  const { pathname } = router.state.location;
  if (pathname === '/enrol' || pathname === '/settings') return;
  void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  void router.navigate({ to: '/enrol' });
});
onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname === '/login') return;
  if (keepsWork(pathname) && queryClient.getQueryData(meQuery.queryKey)) return askToSignIn();
  queryClient.clear();
  void router.navigate({ to: '/login', search: { next: safeNext(href) } });
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root element');

await startLanguage();

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <TooltipProvider delayDuration={400}>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
