/** Label chips: solid class colour, ink by luminance; drawn once per text and kept as a sprite. */
import { toScreenRect, type Camera } from '../editor/camera';
import { inkOn } from '../editor/labels';
import type { Bounds } from '../editor/outline';
import { bestPlace, freePlace, kChipHeight, type Free, type Place } from './chipPlaces';

const kPadding = 6;
const kFont = "600 11px 'Inter Variable', system-ui, sans-serif";
/** An object smaller than this on the screen carries no chip. */
const kSmallestPx = 28;
const kChipsMax = 300;
const kSpritesMax = 400;

export interface Chip {
  text: string;
  color: string;
  bounds: Bounds;
}

interface Sprite {
  canvas: OffscreenCanvas;
  width: number;
}

export class ChipPainter {
  private sprites = new Map<string, Sprite>();

  /**
   * The context is in CSS pixels. Chips keep clear of those `taken` and join them; where there is
   * no room for one, it is left out unless it `must` be seen.
   */
  paint(
    context: CanvasRenderingContext2D,
    chips: readonly Chip[],
    camera: Camera,
    devicePixels: number,
    options: { free: Free; taken: Place[]; must: boolean },
  ): void {
    const large = chips.filter(({ bounds }) => {
      const extent = Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1]) * camera.zoom;
      return extent >= kSmallestPx;
    });
    if (large.length > kChipsMax) return;
    const { free, taken, must } = options;
    for (const { text, color, bounds } of large) {
      const [x0, y0, x1, y1] = bounds;
      const sprite = this.sprite(text, color, devicePixels);
      const { width } = sprite;
      const object = toScreenRect(camera, { x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
      const place =
        freePlace(object, width, free, taken) ?? (must ? bestPlace(object, width, free) : null);
      if (!place) continue;
      taken.push(place);
      context.drawImage(sprite.canvas, place.x, place.y, width, kChipHeight);
    }
  }

  private sprite(text: string, color: string, devicePixels: number): Sprite {
    const key = `${devicePixels}|${color}|${text}`;
    const known = this.sprites.get(key);
    if (known) return known;
    if (this.sprites.size > kSpritesMax) this.sprites.clear();
    const sprite = makeSprite(text, color, devicePixels);
    this.sprites.set(key, sprite);
    return sprite;
  }
}

function makeSprite(text: string, color: string, devicePixels: number): Sprite {
  const probe = new OffscreenCanvas(1, 1).getContext('2d')!;
  probe.font = kFont;
  const width = Math.ceil(probe.measureText(text).width) + 2 * kPadding;
  const canvas = new OffscreenCanvas(
    Math.ceil(width * devicePixels),
    Math.ceil(kChipHeight * devicePixels),
  );
  const context = canvas.getContext('2d')!;
  context.scale(devicePixels, devicePixels);
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(0, 0, width, kChipHeight, 5);
  context.fill();
  context.font = kFont;
  context.fillStyle = inkOn(color);
  context.textBaseline = 'middle';
  context.fillText(text, kPadding, kChipHeight / 2 + 0.5);
  return { canvas, width };
}
