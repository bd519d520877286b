/** A socket where one gets through, plain HTTP where none does; the session notices no change. */
import type { LiveLink, LinkEvents } from './liveLink';
import type { HttpWire } from './sessionHttp';
import type { Batch, SessionWire, WireListener } from './sessionWire';

/** Characters; the server takes frames of 1 MiB and larger bodies. */
const kFrameSizeMax = 900_000;

export class FallbackWire implements SessionWire {
  private listener: WireListener | null = null;
  private polling = false;
  readonly link: LiveLink;

  constructor(
    makeLink: (events: LinkEvents) => LiveLink,
    private readonly http: HttpWire,
  ) {
    this.link = makeLink({
      onBlocked: () => this.fallBack(),
      onThrough: () => this.leaveHttp(),
    });
  }

  start(listener: WireListener): void {
    this.listener = listener;
    this.link.start({
      ...listener,
      // While plain HTTP does the work, that no socket gets through is no outage.
      onOutage: (outage) => this.polling || listener.onOutage(outage),
    });
  }

  send(batch: Batch): void {
    const { listener } = this;
    if (listener === null) return;
    if (this.polling || JSON.stringify(batch).length < kFrameSizeMax) this.current().send(batch);
    else this.http.sendOnce(batch, listener, () => this.link.catchUp());
  }

  retryNow(): void {
    this.current().retryNow();
  }

  catchUp(): void {
    this.current().catchUp();
  }

  /** The browser says that there is no network. */
  lose(): void {
    this.current().lose();
  }

  close(): void {
    this.link.close();
    this.http.close();
  }

  private current(): LiveLink | HttpWire {
    return this.polling ? this.http : this.link;
  }

  private fallBack(): void {
    if (this.polling || this.listener === null) return;
    this.polling = true;
    this.http.start(this.listener);
  }

  private leaveHttp(): void {
    if (!this.polling) return;
    this.polling = false;
    this.http.close();
  }
}
