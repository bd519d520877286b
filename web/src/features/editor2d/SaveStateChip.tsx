import { CloudOff, CircleCheck, Download, Eye, LogIn, RefreshCw, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '@/i18n/i18n';
import type { Operation } from '@/kernel/records';
import type { SaveState } from '@/net/session';
import { chipText } from './saveText';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

const kIcons: Record<SaveState['kind'], ReactNode> = {
  saved: <CircleCheck aria-hidden="true" />,
  saving: <RefreshCw aria-hidden="true" />,
  offline: <CloudOff aria-hidden="true" />,
  signed_out: <LogIn aria-hidden="true" />,
  behind: <Unplug aria-hidden="true" />,
  read_only: <Eye aria-hidden="true" />,
  gone: <Download aria-hidden="true" />,
};

export function SaveStateChip() {
  const editor = useEditor();
  const state = useSignal(editor.saveState);
  const connection = useSignal(editor.company.connection);
  const body = (
    <>
      {kIcons[state.kind]}
      <span>{chipText(state, connection)}</span>
      {connection === 'live' ? <span className="save-live">{t('editor.save.live')}</span> : null}
    </>
  );
  const shared = {
    className: 'save-chip',
    title: t(`editor.line.${connection}`),
    'data-state': state.kind,
    'data-connection': connection,
    'data-testid': 'save-state',
  };
  if (state.kind === 'signed_out') {
    const back = encodeURIComponent(window.location.pathname);
    return (
      <a {...shared} href={`/login?next=${back}`} role="status">
        {body}
      </a>
    );
  }
  if ((state.kind === 'gone' || state.kind === 'read_only') && state.count > 0) {
    return (
      <button
        {...shared}
        type="button"
        title={t('editor.save.download')}
        onClick={() => downloadUnsaved(editor.door?.unsaved() ?? [])}
      >
        {body}
      </button>
    );
  }
  if (state.kind === 'offline' || state.kind === 'behind') {
    return (
      <button
        {...shared}
        type="button"
        title={t('editor.save.retry')}
        onClick={() => editor.door?.retryNow()}
      >
        {body}
      </button>
    );
  }
  return (
    <span {...shared} role="status">
      {body}
    </span>
  );
}

/** Operations as they were to be sent: nothing that was drawn is lost. */
function downloadUnsaved(operations: readonly Operation[]): void {
  const blob = new Blob([JSON.stringify({ operations }, null, 2)], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'unsaved-changes.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
