/** Words for the state of saving and of the line over which others' changes come. */
import type { Connection } from '@/net/liveTypes';
import type { SaveState } from '@/net/session';

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

export function saveStateText(state: SaveState): string {
  const what = changes(state.kind === 'saved' ? 0 : state.count);
  switch (state.kind) {
    case 'saved':
      return 'Saved';
    case 'saving':
      return 'Saving…';
    case 'offline':
      return state.kept
        ? `Offline, ${what} kept on this device`
        : `Offline, ${what} not saved: keep this page open`;
    case 'signed_out':
      return state.count === 0 ? 'Signed out' : 'Not saved, sign in again';
    case 'behind':
      return 'Saved, but the connection is lost';
    case 'read_only':
      return state.count === 0 ? 'View only' : `View only, ${what} not saved`;
    case 'gone':
      return state.count === 0
        ? 'This image was deleted'
        : `This image was deleted: download ${what}`;
  }
}

export function chipText(state: SaveState, connection: Connection): string {
  const text = saveStateText(state);
  switch (state.kind) {
    case 'saved':
    case 'behind':
      if (connection === 'offline') return 'Offline';
      return connection === 'reconnecting' ? 'Reconnecting…' : text;
    case 'saving':
      return connection === 'reconnecting' ? `Reconnecting, ${changes(state.count)} wait` : text;
    default:
      return text;
  }
}

export const kLineHints: Record<Connection, string> = {
  connecting: 'Connecting to the others at this image',
  live: 'Live: changes of others appear as they are made',
  polling: 'Changes of others appear a few seconds late',
  reconnecting: 'Changes of others appear once the connection is back',
  offline: 'Changes of others appear once you are online again',
};
