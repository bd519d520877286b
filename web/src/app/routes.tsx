import {
  Outlet,
  type ErrorComponentProps,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { LoginPage } from '@/features/auth/LoginPage';
import { useProof } from '@/features/auth/proof';
import { meQuery } from '@/features/auth/queries';
import { safeNext } from '@/features/auth/signIn';
import { isSsoError } from '@/features/auth/ssoStart';
import { useSignInAgain } from '@/features/auth/signInAgain';
import { type GallerySearch, gallerySearch } from '@/features/assets/gallerySearch';
import { walkOf, type Walk } from '@/features/assets/walk';
import { type ImageView, imageViews } from '@/features/discover/imageViewNames';
import { ProjectsPage } from '@/features/projects/ProjectsPage';
import { readJobFilter } from '@/features/jobs/jobFilter';
import { AppShell } from '@/features/shell/AppShell';
import { NotFound } from '@/features/shell/NotFound';
import { OfflineBanner } from '@/features/shell/OfflineBanner';
import { type ProjectType, projectTypes } from '@/net/api';
import {
  loadEditorMessages,
  withAdminMessages,
  withCardTexts,
  withSecurityMessages,
} from '@/i18n/i18n';
import { ApiError } from '@/net/http';
import { preferences } from '@/net/preferences';
import { Toaster } from '@/ui/Toast';
import { FailedPage } from './FailedPage';
import { queryClient } from './queryClient';

interface RouterContext {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Root,
  notFoundComponent: NotFound,
});

const ProofDialog = lazy(() => withSecurityMessages(import('@/features/auth/ProofDialog')));
const SignInAgainDialog = lazy(() => import('@/features/auth/SignInAgainDialog'));

function Root() {
  const { asked } = useSignInAgain();
  const proof = useProof((state) => state.settle);
  return (
    <>
      <OfflineBanner />
      <Outlet />
      <Toaster />
      {proof ? (
        <Suspense fallback={null}>
          <ProofDialog />
        </Suspense>
      ) : null}
      {asked ? (
        <Suspense fallback={null}>
          <SignInAgainDialog />
        </Suspense>
      ) : null}
    </>
  );
}

interface LoginSearch {
  next?: string;
  mode?: 'register';
  sso_error?: string;
}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): LoginSearch => ({
    next: safeNext(search.next),
    mode: search.mode === 'register' ? 'register' : undefined,
    sso_error: isSsoError(search.sso_error) ? search.sso_error : undefined,
  }),
  component: LoginPage,
});

const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(
    () => import('@/features/auth/ForgotPasswordPage'),
    'ForgotPasswordPage',
  ),
});

const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: lazyRouteComponent(
    () => import('@/features/auth/ResetPasswordPage'),
    'ResetPasswordPage',
  ),
});

const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/confirm-email',
  component: lazyRouteComponent(
    () => import('@/features/auth/ConfirmEmailPage'),
    'ConfirmEmailPage',
  ),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join',
  component: lazyRouteComponent(
    () => withAdminMessages(import('@/features/auth/JoinPage')),
    'JoinPage',
  ),
});

/** Where someone may be who has to set up a second factor first. */
const openToHeldBack = /^\/(enrol|settings)\b/;

async function requireUser(href: string): Promise<void> {
  try {
    const me = await queryClient.ensureQueryData(meQuery);
    if (me.restraint === 'mfa_enrolment' && !openToHeldBack.test(href)) {
      throw redirect({ to: '/enrol' });
    }
    void preferences.follow(me.user.id);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      throw redirect({ to: '/login', search: { next: safeNext(href) } });
    }
    throw error;
  }
}

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: '_app',
  beforeLoad: ({ location }) => requireUser(location.href),
  component: AppShell,
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/projects', search: {} });
  },
});

const projectsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/projects',
  validateSearch: (search: Record<string, unknown>): { q?: string; type?: ProjectType } => ({
    q: typeof search.q === 'string' && search.q !== '' ? search.q : undefined,
    type: projectTypes.find((type) => type === search.type),
  }),
  component: ProjectsPage,
});

const newProjectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/projects/new',
  component: lazyRouteComponent(
    () => import('@/features/projects/NewProjectPage'),
    'NewProjectPage',
  ),
});

const projectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/projects/$projectId',
  validateSearch: (
    search: Record<string, unknown>,
  ): { tab?: 'labels'; view?: ImageView; like?: string } & GallerySearch => ({
    ...gallerySearch(search),
    tab: search.tab === 'labels' ? 'labels' : undefined,
    view: imageViews.find((view) => view === search.view),
    like: typeof search.like === 'string' ? search.like : undefined,
  }),
  component: lazyRouteComponent(() => import('@/features/projects/ProjectPage'), 'ProjectPage'),
});

const modelsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/models',
  component: lazyRouteComponent(
    () => withCardTexts(import('@/features/models/ModelsPage')),
    'ModelsPage',
  ),
});

const modelRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/models/$modelId',
  component: lazyRouteComponent(
    () => withCardTexts(import('@/features/models/ModelPage')),
    'ModelPage',
  ),
});

const jobsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/jobs',
  validateSearch: readJobFilter,
  component: lazyRouteComponent(() => import('@/features/jobs/JobsPage'), 'JobsPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/SettingsPage'), 'SettingsPage'),
});

const enrolRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/enrol',
  component: lazyRouteComponent(
    () => withSecurityMessages(import('@/features/security/EnrolPage')),
    'EnrolPage',
  ),
});

const adminRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/admin/$section',
  component: lazyRouteComponent(
    () => withAdminMessages(import('@/features/admin/AdminPage')),
    'AdminPage',
  ),
});

const adminIndexRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/admin',
  beforeLoad: () => {
    throw redirect({ to: '/admin/$section', params: { section: 'members' } });
  },
});

const annotateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects/$projectId/annotate/$assetId',
  validateSearch: (search: Record<string, unknown>): Walk & { thread?: string } => ({
    ...walkOf(search),
    thread: typeof search.thread === 'string' ? search.thread : undefined,
  }),
  beforeLoad: ({ location }) => requireUser(location.href),
  component: lazyRouteComponent(async () => {
    await loadEditorMessages();
    return import('./AnnotateRoute');
  }, 'AnnotateRoute'),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  forgotRoute,
  resetRoute,
  confirmEmailRoute,
  joinRoute,
  indexRoute,
  appRoute.addChildren([
    projectsRoute,
    newProjectRoute,
    projectRoute,
    modelsRoute,
    modelRoute,
    jobsRoute,
    settingsRoute,
    enrolRoute,
    adminRoute,
    adminIndexRoute,
  ]),
  annotateRoute,
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultErrorComponent: ({ error, reset }: ErrorComponentProps) => (
    <FailedPage error={error} onRetry={reset} />
  ),
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
