/** A session on the real network: a socket, plain HTTP where none gets through, this device. */
import type { Kernel } from '../kernel/kernel';
import { browserClock } from './clock';
import { FallbackWire } from './fallbackWire';
import { apiUrl, onSignedIn } from './http';
import { LiveLink } from './liveLink';
import type { LiveListeners } from './liveTypes';
import { Session, type SessionListeners } from './session';
import { HttpWire } from './sessionHttp';
import { IndexedDbOutbox } from './sessionOutbox';
import { AssetRequests } from './sessionRequests';

export interface OpenSession {
  kernel: Kernel;
  assetId: string;
  userId: string;
  listeners: SessionListeners;
  /** Whoever shows other people. */
  live?: LiveListeners;
}

/** @throws TransportError when the asset's state cannot be had. */
export async function openSession(options: OpenSession): Promise<Session> {
  const { kernel, assetId, userId, listeners, live } = options;
  const requests = new AssetRequests(assetId);
  const ports = {
    clock: browserClock,
    ticket: () => requests.ticket(),
    connect: (ticket: string) => new WebSocket(liveUrl(window.location, ticket)),
    online: () => navigator.onLine,
  };
  const wire = new FallbackWire(
    (events) => new LiveLink(ports, live ?? null, events),
    new HttpWire(requests, browserClock),
  );
  const session = await Session.open({
    ...listeners,
    ...(live && { onRemote: (operations) => live.onRemote(operations) }),
    kernel,
    wire,
    presence: wire.link,
    outbox: new IndexedDbOutbox(userId, assetId),
    clock: browserClock,
    load: (revision) => requests.load(revision),
    undoSteps: () => requests.undoSteps(),
  });
  requests.quiet = true;
  session.onClose = followThePage(session, wire);
  return session;
}

export function liveUrl({ protocol, host }: Pick<Location, 'protocol' | 'host'>, ticket: string) {
  const scheme = protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${host}${apiUrl('/live', { ticket })}`;
}

/** The browser knows sooner than any heartbeat when the network goes and comes. */
function followThePage(session: Session, wire: FallbackWire): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener('offline', () => wire.lose(), { signal });
  window.addEventListener('online', () => session.retryNow(), { signal });
  const shown = () => document.visibilityState === 'visible' && session.retryNow();
  document.addEventListener('visibilitychange', shown, { signal });
  const forget = onSignedIn(() => session.retryNow());
  return () => {
    forget();
    abort.abort();
  };
}
