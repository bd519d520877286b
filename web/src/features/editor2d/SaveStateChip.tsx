import { CloudOff, CircleCheck, Download, Eye, LogIn, RefreshCw, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Operation } from '@/kernel/records';
import type { SaveState } from '@/net/session';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

export function saveStateText(state: SaveState): string {
  switch (state.kind) {
    case 'saved':
      return 'Saved';
    case 'saving':
      return 'Saving…';
    case 'offline': {
      const changes = changesText(state.count);
      return state.kept
        ? `Offline, ${changes} kept on this device`
        : `Offline, ${changes} not saved: keep this page open`;
    }
    case 'signed_out':
      return state.count === 0 ? 'Signed out' : 'Not saved, sign in again';
    case 'behind':
      return 'Saved, but the connection is lost';
    case 'read_only':
      return state.count === 0 ? 'View only' : `View only, ${changesText(state.count)} not saved`;
    case 'gone':
      return state.count === 0
        ? 'This image was deleted'
        : `This image was deleted: download ${changesText(state.count)}`;
  }
}

function changesText(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

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
  const text = saveStateText(state);
  const body = (
    <>
      {kIcons[state.kind]}
      <span>{text}</span>
    </>
  );
  const shared = { className: 'save-chip', 'data-state': state.kind, 'data-testid': 'save-state' };
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
        title="Download what could not be saved"
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
        title="Try to reach the server now"
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
