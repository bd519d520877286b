import { CloudOff, CircleCheck, LogIn, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
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
      const changes = state.count === 1 ? '1 change' : `${state.count} changes`;
      return state.kept
        ? `Offline, ${changes} kept on this device`
        : `Offline, ${changes} not saved: keep this page open`;
    }
    case 'signed_out':
      return 'Not saved, sign in again';
  }
}

const kIcons: Record<SaveState['kind'], ReactNode> = {
  saved: <CircleCheck aria-hidden="true" />,
  saving: <RefreshCw aria-hidden="true" />,
  offline: <CloudOff aria-hidden="true" />,
  signed_out: <LogIn aria-hidden="true" />,
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
  if (state.kind === 'offline') {
    return (
      <button
        {...shared}
        type="button"
        title="Try to save now"
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
