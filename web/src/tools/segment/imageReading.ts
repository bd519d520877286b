/** Has the model read the image while the AI tool is in hand, and says how far it is. */
import type { Editor } from '../../editor/editor';
import { failedBecause } from '../../editor/readiness';

export class ImageReading {
  private inFlight: AbortController | null = null;

  constructor(private readonly editor: Editor) {}

  async start(): Promise<void> {
    const { readiness, services } = this.editor;
    if (this.inFlight || readiness.get().state === 'ready') return;
    const controller = new AbortController();
    this.inFlight = controller;
    readiness.set({ state: 'reading' });
    try {
      await services.readImage(controller.signal);
      if (this.inFlight === controller) readiness.set({ state: 'ready' });
    } catch (error) {
      if (this.inFlight === controller) readiness.set(failedBecause(error));
    }
    if (this.inFlight === controller) this.inFlight = null;
  }

  stop(): void {
    if (!this.inFlight) return;
    this.inFlight.abort();
    this.inFlight = null;
    this.editor.readiness.set({ state: 'idle' });
  }
}
