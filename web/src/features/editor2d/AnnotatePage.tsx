import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { CommandContext, PageActions } from '@/editor/commands/command';
import { t } from '@/i18n/i18n';
import type { Asset, Me, Project } from '@/net/api';
import { ApiError, errorText } from '@/net/http';
import { ErrorState } from '@/ui/EmptyState';
import { toast } from '@/ui/Toast';
import { meQuery } from '../auth/queries';
import { askToSignIn } from '../auth/signInAgain';
import { galleryOf, type Walk } from '../assets/walk';
import { useThreads } from '../comments/useThreads';
import { projectQuery } from '../projects/queries';
import { useSmallScreen } from '../review2d/useSmallScreen';
import { NotFound } from '../shell/NotFound';
import { usePageTitle } from '../shell/usePageTitle';
import { stopWaiting } from './ai/stopWaiting';
import { useDetection } from './ai/useDetection';
import { useReadAhead } from './ai/useReadAhead';
import { useSimilar } from './ai/useSimilar';
import { getAsset } from './annotateApi';
import { CanvasStage } from './CanvasStage';
import { SidePanel, type SideTab } from './SidePanel';
import { useObjectPage } from './objects/useObjectPage';
import { StatusBar } from './StatusBar';
import { ToolHint } from './ToolHint';
import { ToolRail } from './ToolRail';
import { TopBar } from './TopBar';
import { firstThere } from './stillThere';
import { useNeighbours, type Neighbours } from './useNeighbours';
import { useSuggestions } from './useSuggestions';
import { useWorkspaceEditor, type OpenEditor } from './useWorkspaceEditor';
import { later, laterDialog } from './later';
import { WorkspaceContext, type Workspace } from './workspace';
import './editor2d.css';

const Pins = later(async () => (await import('../comments/Pins')).Pins);
const FollowFrame = later(async () => (await import('./FollowFrame')).FollowFrame);
const ThreadPopover = later(async () => (await import('../comments/ThreadPopover')).ThreadPopover);
const PastBanner = later(async () => (await import('../history/PastBanner')).PastBanner);
const DrawOptions = later(async () => (await import('./DrawOptions')).DrawOptions);
const MaskOptions = later(async () => (await import('./MaskOptions')).MaskOptions);
const MeanwhileNotices = later(async () => (await import('./MeanwhileNotices')).MeanwhileNotices);
const Minimap = later(async () => (await import('./Minimap')).Minimap);
const Rulers = later(async () => (await import('./Rulers')).Rulers);
const SuggestionsPanel = later(async () => (await import('./SuggestionsPanel')).SuggestionsPanel);

const CoachMarks = later(async () => (await import('./objects/CoachMarks')).CoachMarks);
const ReviewScreen = later(
  async () => (await import('../review2d/ReviewScreen')).default,
  <Waiting />,
);
const HelpDialog = laterDialog(async () => (await import('./HelpDialog')).HelpDialog);
const ExportDialog = laterDialog(async () => (await import('./EditorExport')).EditorExport);

export interface AnnotatePageProps {
  projectId: string;
  assetId: string;
  /** A comment thread to open. */
  thread?: string;
  /** The order that next and previous follow. */
  walk: Walk;
}

/** The image editor. It fills the window; everything but the canvas floats. */
export default function AnnotatePage({ projectId, assetId, thread, walk }: AnnotatePageProps) {
  const me = useQuery(meQuery);
  const project = useQuery(projectQuery(projectId));
  const asset = useQuery({
    queryKey: ['asset', assetId],
    queryFn: ({ signal }) => getAsset(assetId, signal),
    staleTime: 5 * 60_000,
  });
  useForgottenWalks();
  usePageTitle(asset.data?.filename ?? t('editor.page.title'));

  const error = asset.error ?? project.error ?? me.error;
  if (error instanceof ApiError && error.status === 404) {
    return (
      <div className="annotate annotate-plain">
        <NotFound />
      </div>
    );
  }
  if (me.data && project.data && asset.data) {
    const loaded = { me: me.data, project: project.data, asset: asset.data };
    return <Opening key={assetId} {...loaded} thread={thread} walk={walk} />;
  }
  if (error) {
    return (
      <div className="annotate annotate-plain">
        <ErrorState
          title={t('editor.page.failed')}
          detail={errorText(error)}
          onRetry={() => {
            void me.refetch();
            void project.refetch();
            void asset.refetch();
          }}
        />
      </div>
    );
  }
  return <Waiting />;
}

/** The next walk through a gallery begins with what is in it then. */
function useForgottenWalks(): void {
  const client = useQueryClient();
  useEffect(() => () => client.removeQueries({ queryKey: ['walk'] }), [client]);
}

/** Says nothing for a moment: most images open faster than a spinner helps. */
function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="annotate annotate-plain" aria-busy="true">
      {late ? (
        <p className="annotate-waiting" role="status">
          <span className="spinner" aria-hidden="true" /> {t('editor.page.opening')}
        </p>
      ) : null}
    </div>
  );
}

interface OpeningProps {
  me: Me;
  project: Project;
  asset: Asset;
  thread?: string;
  walk: Walk;
}

function Opening({ me, project, asset, thread, walk }: OpeningProps) {
  const { open, error, retry } = useWorkspaceEditor(project, asset, me);
  if (error) {
    return (
      <div className="annotate annotate-plain">
        <ErrorState
          title={t('editor.page.editorFailed')}
          detail={errorText(error)}
          onRetry={retry}
        />
      </div>
    );
  }
  if (!open) return <Waiting />;
  const editing = { project, asset, open, userId: me.user.id, thread, walk };
  return <Editing {...editing} />;
}

interface EditingProps {
  project: Project;
  asset: Asset;
  open: OpenEditor;
  userId: string;
  thread?: string;
  walk: Walk;
}

function Editing({ project, asset, open, userId, thread, walk }: EditingProps) {
  const { editor, toolbox } = open;
  const [dialog, setDialog] = useState<'help' | 'export' | null>(null);
  const neighbours = useNeighbours(project.id, asset, project.counts?.assets ?? null, walk);
  const suggestions = useSuggestions(editor, project.id, asset.id);
  const detection = useDetection(editor, project.id, asset.id);
  const similar = useSimilar(editor, asset.id);
  useReadAhead(editor, neighbours.ahead);
  const threads = useThreads(editor, asset.id);
  const [tab, setTab] = useState<SideTab>('objects');
  const small = useSmallScreen();
  const [historyOf, setHistoryOf] = useState<string | null>(null);
  useOpenThread(open, thread, threads.status === 'ready');
  const goTo = useGoTo(project.id);
  const objects = useObjectPage({ projectId: project.id, editor, neighbours, walk, setTab });
  const page = useLatestActions({
    nextImage: () => void goTo(neighbours, 'next'),
    previousImage: () => void goTo(neighbours, 'previous'),
    ...objects.actions,
    openHelp: () => setDialog('help'),
    openExport: () => setDialog('export'),
    saveNow: () => void saveNow(open),
    acceptSuggestion: suggestions.accept,
    rejectSuggestion: suggestions.reject,
    acceptShown: suggestions.acceptShown,
    acceptSimilar: suggestions.acceptSimilar,
    rejectSimilar: suggestions.rejectSimilar,
    stepLikeness: suggestions.likeness.step,
    similarFound: () => suggestions.likeness.found.length,
    detectNow: () => detection.start(),
    findSimilar: similar.start,
    stopWaiting: () => stopWaiting(similar, detection),
  });
  const workspace = useMemo((): Workspace => {
    const commands: CommandContext = {
      editor,
      page,
      dispatch: (input) => toolbox.dispatch(input),
    };
    const openHistory = (annotationId: string) => {
      setHistoryOf(annotationId);
      setTab('history');
    };
    return { projectId: project.id, asset, editor, toolbox, commands, openHistory };
  }, [project.id, asset, editor, toolbox, page]);
  useLeaving(open);
  useSignedOut(open);

  if (small) {
    const review = { neighbours, suggestions, threads, userId };
    return (
      <WorkspaceContext.Provider value={workspace}>
        <ReviewScreen projectName={project.name} {...review} />
        <Announcer open={open} />
      </WorkspaceContext.Provider>
    );
  }
  return (
    <WorkspaceContext.Provider value={workspace}>
      <div className="annotate">
        <CanvasStage />
        <Rulers />
        <Minimap />
        <Pins threads={threads.items} />
        <TopBar
          projectName={project.name}
          neighbours={neighbours}
          gallery={galleryOf(walk)}
          onWarnings={() => setTab('image')}
        />
        <ToolRail />
        <aside className="side" aria-label={t('editor.page.side')}>
          <SidePanel
            tab={tab}
            onTab={setTab}
            threads={threads}
            objectId={historyOf}
            onWholeImage={() => setHistoryOf(null)}
          />
          <SuggestionsPanel suggestions={suggestions} detection={detection} similar={similar} />
        </aside>
        <MaskOptions />
        <DrawOptions />
        <ToolHint />
        <CoachMarks />
        <MeanwhileNotices />
        <StatusBar />
        <PastBanner />
        <ThreadPopover threads={threads} userId={userId} />
        <FollowFrame />
        <Announcer open={open} />
        {dialog === 'help' ? (
          <HelpDialog
            onClose={() => setDialog(null)}
            onKeys={() => {
              setDialog(null);
              objects.actions.openKeys();
            }}
          />
        ) : null}
        {objects.dialogs}
        {dialog === 'export' ? <ExportDialog onClose={() => setDialog(null)} /> : null}
      </div>
    </WorkspaceContext.Provider>
  );
}

/** Opens the thread that the address names, once. */
function useOpenThread({ editor }: OpenEditor, thread: string | undefined, ready: boolean): void {
  useEffect(() => {
    if (ready && thread !== undefined) editor.discussion.show(thread);
  }, [editor, thread, ready]);
}

function useGoTo(projectId: string) {
  const navigate = useNavigate();
  const client = useQueryClient();
  // Who presses again before the page is there means the last press.
  const presses = useRef(0);
  useEffect(() => () => void (presses.current = -1), []);
  return async (neighbours: Neighbours, direction: 'next' | 'previous') => {
    const press = ++presses.current;
    const assetId = await firstThere(client, neighbours.towards(direction));
    if (press !== presses.current) return;
    if (assetId === null) {
      toast({ title: t(`editor.page.${direction === 'next' ? 'last' : 'first'}`) });
      return;
    }
    void navigate({
      to: '/projects/$projectId/annotate/$assetId',
      params: { projectId, assetId },
      search: neighbours.walkAt(assetId),
    });
  };
}

/** One object for the commands to hold, always calling what the last render gave. */
function useLatestActions(actions: PageActions): PageActions {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  return useMemo(() => {
    const held = Object.keys(latest.current).map((name) => {
      const key = name as keyof PageActions;
      const act = (...args: readonly unknown[]) =>
        (latest.current[key] as (...args: readonly unknown[]) => void)(...args);
      return [key, act];
    });
    return Object.fromEntries(held) as PageActions;
  }, []);
}

async function saveNow({ editor }: OpenEditor): Promise<void> {
  await editor.door?.flush();
  const saved = editor.saveState.get().kind === 'saved';
  toast(
    saved
      ? { tone: 'ok', title: t('editor.save.all'), detail: t('editor.save.allHint') }
      : { tone: 'err', title: t('editor.save.notYet'), detail: t('editor.save.notYetHint') },
  );
}

/**
 * Saves when the page is put away, tries again when the network is back, warns only of real loss.
 */
function useLeaving({ editor }: OpenEditor): void {
  useEffect(() => {
    const abort = new AbortController();
    const options = { signal: abort.signal };
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'hidden' && void editor.door?.flush(),
      options,
    );
    window.addEventListener(
      'beforeunload',
      (event) => {
        if (editor.door?.wouldLose) event.preventDefault();
      },
      options,
    );
    return () => abort.abort();
  }, [editor]);
}

/** An ended login is asked for in front of the page: nothing that was drawn is lost. */
function useSignedOut({ editor }: OpenEditor): void {
  useEffect(() => {
    const look = () => editor.saveState.get().kind === 'signed_out' && askToSignIn();
    look();
    return editor.saveState.subscribe(look);
  }, [editor]);
}

function Announcer({ open }: { open: OpenEditor }) {
  const [text, setText] = useState('');
  useEffect(() => open.editor.announcements.on(setText), [open]);
  return (
    <div className="visually-hidden" aria-live="polite">
      {text}
    </div>
  );
}
