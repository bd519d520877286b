/**
 * The photo: a small picture first, the original when it has arrived, upright. Far below its own
 * size it is drawn from halved copies, which look better than one big step and cost less. A picture
 * too large to be held whole comes in tiles (imagePyramid.ts).
 */
import { visibleRect, type Camera, type Rect, type Size } from '../editor/camera';
import { ImagePyramid, type TileUrl } from './imagePyramid';
import { inImageDevice } from './space';
import { boundsOfRect, clip } from './tileGrid';

/** From here on pixels are shown as squares. */
const kPixelatedZoom = 4;
/** Decoded, a picture of so many pixels takes 128 MB. */
export const kWholeMaxPixels = 32_000_000;

export type ImageState = 'loading' | 'preview' | 'ready' | 'failed';

export interface ImageSource {
  size: Size;
  url: string;
  previewUrl: string | null;
  tileUrl: TileUrl;
}

export class ImageLayer {
  state: ImageState = 'loading';
  /** Closed when they go: the collector would hold the pixels of many images at once. */
  private levels: ImageBitmap[] = [];
  private pyramid: ImagePyramid | null = null;
  private abort: AbortController | null = null;

  constructor(private readonly onChange: (state: ImageState) => void) {}

  /** Nothing is on its way. */
  get settled(): boolean {
    return this.state !== 'loading' && this.state !== 'preview' && (this.pyramid?.settled ?? true);
  }

  /** What of the picture is here, the whole of it, maybe small. */
  get whole(): ImageBitmap | null {
    return this.levels[0] ?? null;
  }

  /** Aborts what was loading. The preview stays when the original cannot be shown. */
  async load({ size, url, previewUrl, tileUrl }: ImageSource): Promise<void> {
    this.clear();
    const abort = new AbortController();
    this.abort = abort;
    const large = size.width * size.height > kWholeMaxPixels;
    if (large) {
      this.pyramid = new ImagePyramid(size, tileUrl, () => this.onChange(this.state));
      if (previewUrl) await this.showPreview(previewUrl, abort.signal);
      if (!abort.signal.aborted) this.setState('ready');
      return;
    }
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
    this.pyramid?.close();
    this.pyramid = null;
    for (const level of this.levels) level.close();
    this.levels = [];
    this.setState('loading');
  }

  draw(
    context: CanvasRenderingContext2D,
    image: Size,
    camera: Camera,
    { devicePixels, stage, smooth }: { devicePixels: number; stage: Size; smooth: boolean },
  ): void {
    const scale = camera.zoom * devicePixels;
    inImageDevice(context, camera, devicePixels);
    context.imageSmoothingEnabled = smooth || camera.zoom < kPixelatedZoom;
    // The level is never more than twice as large as what is shown.
    context.imageSmoothingQuality = 'low';
    const base = this.levels[0];
    if (base) {
      const picture = this.level((scale * image.width) / base.width);
      context.drawImage(picture, 0, 0, image.width * scale, image.height * scale);
    }
    this.pyramid?.draw(context, boundsOfRect(visibleRect(camera, stage)), scale);
  }

  /**
   * The pixels of a part of the image, at `scale` of its size: 1, 1/2, 1/4 ... The part is rounded
   * outwards to whole pixels and cut to the image. Null while the picture is not here.
   */
  async pixels(image: Size, rect: Rect, scale = 1): Promise<ImageData | null> {
    const [x0, y0, x1, y1] = clip(boundsOfRect(rect), [0, 0, image.width, image.height]);
    const bounds = [Math.floor(x0), Math.floor(y0), Math.ceil(x1), Math.ceil(y1)] as const;
    const width = Math.ceil((bounds[2] - bounds[0]) * scale);
    const height = Math.ceil((bounds[3] - bounds[1]) * scale);
    if (this.state !== 'ready' || width <= 0 || height <= 0) return null;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    if (this.pyramid) {
      const level = this.pyramid.levelFor(scale);
      context.scale(scale * 2 ** level, scale * 2 ** level);
      await this.pyramid.read(context, bounds, level);
    } else {
      const base = this.levels[0]!;
      const by = base.width / image.width;
      const w = bounds[2] - bounds[0];
      const h = bounds[3] - bounds[1];
      context.imageSmoothingEnabled = scale < 1;
      context.drawImage(base, bounds[0] * by, bounds[1] * by, w * by, h * by, 0, 0, width, height);
    }
    return context.getImageData(0, 0, width, height);
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
    for (const level of this.levels) level.close();
    this.levels = [bitmap];
    this.setState(state);
  }

  private setState(state: ImageState): void {
    this.state = state;
    this.onChange(state);
  }

  private level(scale: number): ImageBitmap {
    let index = 0;
    while (scale * 2 ** (index + 1) <= 1 && index < 6) index += 1;
    for (let i = this.levels.length; i <= index; i++) {
      this.levels.push(halved(this.levels[i - 1]!));
    }
    return this.levels[index]!;
  }
}

function halved(picture: ImageBitmap): ImageBitmap {
  const width = Math.max(1, Math.round(picture.width / 2));
  const height = Math.max(1, Math.round(picture.height / 2));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) return picture;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas.transferToImageBitmap();
}

async function fetchBitmap(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { credentials: 'same-origin', signal });
  if (!response.ok) throw new Error(`image answered ${response.status}`);
  return createImageBitmap(await response.blob(), { imageOrientation: 'from-image' });
}
