/** Words for the state of saving and of the line over which others' changes come. */
import { t } from '@/i18n/i18n';
import type { Connection } from '@/net/liveTypes';
import type { SaveState } from '@/net/session';

export function saveStateText(state: SaveState): string {
  const count = state.kind === 'saved' ? 0 : state.count;
  switch (state.kind) {
    case 'saved':
      return t('objects.note.saved');
    case 'saving':
      return t('objects.note.saving');
    case 'offline':
      return t(state.kept ? 'editor.save.kept' : 'editor.save.atRisk', { count });
    case 'signed_out':
      return t(count === 0 ? 'editor.save.signedOut' : 'editor.save.signIn');
    case 'behind':
      return t('editor.save.behind');
    case 'read_only':
      return count === 0 ? t('editor.save.viewOnly') : t('editor.save.viewOnlyLost', { count });
    case 'gone':
      return count === 0 ? t('editor.save.gone') : t('editor.save.goneLost', { count });
  }
}

export function chipText(state: SaveState, connection: Connection): string {
  const text = saveStateText(state);
  switch (state.kind) {
    case 'saved':
    case 'behind':
      if (connection === 'offline') return t('editor.save.offline');
      return connection === 'reconnecting' ? t('editor.save.reconnecting') : text;
    case 'saving':
      return connection === 'reconnecting'
        ? t('editor.save.waiting', { count: state.count })
        : text;
    default:
      return text;
  }
}
