/**
 * The photo: a small picture first, the original when it has arrived, upright. Far below its own
 * size it is drawn from halved copies, which look better than one big step and cost less.
 */
import type { Camera, Size } from '../editor/camera';

/** From here on pixels are shown as squares. */
const kPixelatedZoom = 4;

type Picture = ImageBitmap | OffscreenCanvas;

export type ImageState = 'loading' | 'preview' | 'ready' | 'failed';

export class ImageLayer {
  state: ImageState = 'loading';
  private levels: Picture[] = [];
  private abort: AbortController | null = null;

  constructor(private readonly onChange: (state: ImageState) => void) {}

  /** Aborts what was loading. The preview stays when the original cannot be shown. */
  async load(url: string, previewUrl: string | null): Promise<void> {
    this.clear();
    const abort = new AbortController();
    this.abort = abort;
    const original = fetchBitmap(url, abort.signal);
    if (previewUrl) void this.showPreview(previewUrl, abort.signal);
    try {
      const bitmap = await original;
      if (abort.signal.aborted) return bitmap.close();
      this.show(bitmap, 'ready');
    } catch {
      if (!abort.signal.aborted) this.setState('failed');
    }
  }

  clear(): void {
    this.abort?.abort();
    for (const level of this.levels) if (level instanceof ImageBitmap) level.close();
    this.levels = [];
    this.setState('loading');
  }

  draw(context: CanvasRenderingContext2D, image: Size, camera: Camera, devicePixels: number): void {
    const base = this.levels[0];
    if (!base) return;
    const scale = (camera.zoom * devicePixels * image.width) / base.width;
    const picture = this.level(scale);
    context.imageSmoothingEnabled = camera.zoom < kPixelatedZoom;
    context.imageSmoothingQuality = 'medium';
    // Whole device pixels, so that a resting image is never blurred by half a pixel.
    const x = Math.round(camera.x * devicePixels);
    const y = Math.round(camera.y * devicePixels);
    const width = image.width * camera.zoom * devicePixels;
    const height = image.height * camera.zoom * devicePixels;
    context.drawImage(picture, x, y, width, height);
  }

  private async showPreview(url: string, signal: AbortSignal): Promise<void> {
    try {
      const bitmap = await fetchBitmap(url, signal);
      if (signal.aborted || this.state === 'ready') return bitmap.close();
      this.show(bitmap, this.state === 'failed' ? 'failed' : 'preview');
    } catch {
      // The original decides whether loading has failed.
    }
  }

  private show(bitmap: ImageBitmap, state: ImageState): void {
    for (const level of this.levels) if (level instanceof ImageBitmap) level.close();
    this.levels = [bitmap];
    this.setState(state);
  }

  private setState(state: ImageState): void {
    this.state = state;
    this.onChange(state);
  }

  private level(scale: number): Picture {
    let index = 0;
    while (scale * 2 ** (index + 1) <= 1 && index < 6) index += 1;
    for (let i = this.levels.length; i <= index; i++) {
      this.levels.push(halved(this.levels[i - 1]!));
    }
    return this.levels[index]!;
  }
}

function halved(picture: Picture): Picture {
  const width = Math.max(1, Math.round(picture.width / 2));
  const height = Math.max(1, Math.round(picture.height / 2));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) return picture;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

async function fetchBitmap(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { credentials: 'same-origin', signal });
  if (!response.ok) throw new Error(`image answered ${response.status}`);
  return createImageBitmap(await response.blob(), { imageOrientation: 'from-image' });
}
