import { Link } from '@tanstack/react-router';
import {
  ArrowLeft,
  ChevronLeft,
  ChevronRight,
  CircleHelp,
  Download,
  Maximize,
  Moon,
  Redo2,
  Sun,
  Undo2,
} from 'lucide-react';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { NotificationBell } from '../notifications/NotificationBell';
import { useTheme } from '../settings/theme';
import { WarningsBadge } from './objects/WarningsBadge';
import type { GallerySearch } from '../assets/gallerySearch';
import { SaveStateChip } from './SaveStateChip';
import type { Neighbours } from './useNeighbours';
import { useSignal } from './useSignal';
import { ViewPanel } from './ViewPanel';
import { later } from './later';
import { useCommand, useEditor, useWorkspace } from './workspace';

const PeopleBar = later(async () => (await import('./PeopleBar')).PeopleBar);

interface TopBarProps {
  projectName: string;
  neighbours: Neighbours;
  /** Where the images are gone through, to go back to. */
  gallery: GallerySearch;
  onWarnings: () => void;
}

export function TopBar({ projectName, neighbours, gallery, onWarnings }: TopBarProps) {
  const { projectId, asset } = useWorkspace();
  const openExport = useCommand('page.export');
  const openHelp = useCommand('page.help');
  const fit = useCommand('view.fit');
  return (
    <header className="bar annotate-glass">
      <Link
        to="/projects/$projectId"
        params={{ projectId }}
        search={gallery}
        className="btn btn-ghost btn-s bar-back"
        aria-label={t('editor.bar.back', { project: projectName })}
      >
        <ArrowLeft aria-hidden="true" />
        <span className="truncate">{projectName}</span>
      </Link>
      <span className="bar-divider" />
      <Pager neighbours={neighbours} />
      <span className="bar-file truncate" title={asset.filename}>
        {asset.filename}
      </span>
      <span className="bar-space" />
      <PeopleBar />
      <WarningsBadge onOpen={onWarnings} />
      <SaveStateChip />
      <UndoRedo />
      <span className="bar-divider" />
      <IconButton
        label={t('editor.bar.fit')}
        keys={keyText('view.fit')}
        icon={<Maximize />}
        size="s"
        onClick={fit}
      />
      <ViewPanel />
      <NotificationBell small />
      <ThemeButton />
      <IconButton
        label={t('editor.bar.help')}
        keys={keyText('page.help')}
        icon={<CircleHelp />}
        size="s"
        onClick={openHelp}
      />
      <Button
        variant="primary"
        size="s"
        icon={<Download />}
        data-testid="export-button"
        onClick={openExport}
      >
        {t('editor.bar.export')}
      </Button>
    </header>
  );
}

function Pager({ neighbours }: { neighbours: Neighbours }) {
  const next = useCommand('page.next');
  const previous = useCommand('page.previous');
  const { position, total } = neighbours;
  return (
    <div className="bar-pager">
      <IconButton
        size="s"
        label={t('editor.bar.previous')}
        keys={keyText('page.previous')}
        icon={<ChevronLeft />}
        disabled={neighbours.previous === null}
        onClick={previous}
      />
      <span className="num bar-position">
        {position ?? '–'} / {total ?? '–'}
      </span>
      <IconButton
        size="s"
        label={t('editor.bar.next')}
        keys={keyText('page.next')}
        icon={<ChevronRight />}
        disabled={neighbours.next === null}
        onClick={next}
      />
    </div>
  );
}

function UndoRedo() {
  const editor = useEditor();
  const state = useSignal(editor.history.state);
  const undo = useCommand('edit.undo');
  const redo = useCommand('edit.redo');
  return (
    <div className="bar-group">
      <IconButton
        size="s"
        label={state.undo ? t('editor.bar.undoOf', { step: state.undo }) : t('editor.bar.undo')}
        keys={keyText('edit.undo')}
        icon={<Undo2 />}
        data-testid="undo"
        disabled={state.undo === null}
        onClick={undo}
      />
      <IconButton
        size="s"
        label={state.redo ? t('editor.bar.redoOf', { step: state.redo }) : t('editor.bar.redo')}
        keys={keyText('edit.redo')}
        icon={<Redo2 />}
        data-testid="redo"
        disabled={state.redo === null}
        onClick={redo}
      />
    </div>
  );
}

function ThemeButton() {
  const { theme, setTheme } = useTheme();
  const shown = theme === 'system' ? document.documentElement.dataset.theme : theme;
  const dark = shown !== 'light';
  return (
    <IconButton
      size="s"
      label={dark ? t('editor.bar.light') : t('editor.bar.dark')}
      icon={dark ? <Sun /> : <Moon />}
      onClick={() => setTheme(dark ? 'light' : 'dark')}
    />
  );
}
