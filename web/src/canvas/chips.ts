/** Label chips: solid class colour, ink by luminance; drawn once per text and kept as a sprite. */
import { toScreenRect, type Camera } from '../editor/camera';
import { inkOn } from '../editor/labels';
import type { Bounds } from '../editor/outline';

const kHeight = 18;
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
   * The context is in CSS pixels. A chip stands on its object, or inside where the screen above
   * `top` is covered. With `avoid`, chips that would cover an earlier one are left out.
   */
  paint(
    context: CanvasRenderingContext2D,
    chips: readonly Chip[],
    camera: Camera,
    devicePixels: number,
    options: { avoid: boolean; top: number },
  ): void {
    const large = chips.filter(({ bounds }) => {
      const extent = Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1]) * camera.zoom;
      return extent >= kSmallestPx;
    });
    if (large.length > kChipsMax) return;
    const taken: [number, number, number][] = [];
    for (const {
      text,
      color,
      bounds: [x0, y0, x1, y1],
    } of large) {
      const sprite = this.sprite(text, color, devicePixels);
      const box = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
      const { x: left, y: top } = toScreenRect(camera, box);
      const x = Math.round(left) - 1;
      const y = Math.round(top >= options.top + kHeight + 4 ? top - kHeight - 3 : top + 3);
      if (options.avoid && taken.some((other) => collides(other, x, y, sprite.width))) continue;
      taken.push([x, y, sprite.width]);
      context.drawImage(sprite.canvas, x, y, sprite.width, kHeight);
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

function collides(other: [number, number, number], x: number, y: number, width: number): boolean {
  const [ox, oy, ow] = other;
  return Math.abs(oy - y) < kHeight && x < ox + ow && ox < x + width;
}

function makeSprite(text: string, color: string, devicePixels: number): Sprite {
  const probe = new OffscreenCanvas(1, 1).getContext('2d')!;
  probe.font = kFont;
  const width = Math.ceil(probe.measureText(text).width) + 2 * kPadding;
  const canvas = new OffscreenCanvas(
    Math.ceil(width * devicePixels),
    Math.ceil(kHeight * devicePixels),
  );
  const context = canvas.getContext('2d')!;
  context.scale(devicePixels, devicePixels);
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(0, 0, width, kHeight, 5);
  context.fill();
  context.font = kFont;
  context.fillStyle = inkOn(color);
  context.textBaseline = 'middle';
  context.fillText(text, kPadding, kHeight / 2 + 0.5);
  return { canvas, width };
}
