/** Names of people in their colours, each drawn once and kept as a sprite. */
import { inkOn } from '../editor/labels';

const kHeight = 18;
const kPadding = 7;
const kFont = "600 11px 'Inter Variable', system-ui, sans-serif";
const kLettersMax = 22;
const kSpritesMax = 200;

interface Named {
  name: string;
  color: string;
}

export class NameChips {
  private sprites = new Map<string, OffscreenCanvas>();

  /** The context is in CSS pixels. */
  paint(
    context: CanvasRenderingContext2D,
    { name, color }: Named,
    x: number,
    y: number,
    devicePixels: number,
  ): void {
    const sprite = this.sprite(shortName(name), color, devicePixels);
    context.drawImage(sprite, x, y, sprite.width / devicePixels, sprite.height / devicePixels);
  }

  private sprite(text: string, color: string, devicePixels: number): OffscreenCanvas {
    const key = `${devicePixels}|${color}|${text}`;
    const known = this.sprites.get(key);
    if (known) return known;
    if (this.sprites.size > kSpritesMax) this.sprites.clear();
    const sprite = draw(text, color, devicePixels);
    this.sprites.set(key, sprite);
    return sprite;
  }
}

export function shortName(name: string): string {
  const letters = [...name];
  return letters.length > kLettersMax ? `${letters.slice(0, kLettersMax - 1).join('')}…` : name;
}

function draw(text: string, color: string, devicePixels: number): OffscreenCanvas {
  const probe = new OffscreenCanvas(1, 1).getContext('2d')!;
  probe.font = kFont;
  const width = Math.ceil(probe.measureText(text).width) + 2 * kPadding;
  const canvas = new OffscreenCanvas(
    Math.ceil((width + 2) * devicePixels),
    Math.ceil((kHeight + 2) * devicePixels),
  );
  const context = canvas.getContext('2d')!;
  context.scale(devicePixels, devicePixels);
  context.beginPath();
  context.roundRect(1, 1, width, kHeight, kHeight / 2);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = 'rgb(11 16 32 / .55)';
  context.stroke();
  context.font = kFont;
  context.fillStyle = inkOn(color);
  context.textBaseline = 'middle';
  context.fillText(text, 1 + kPadding, 1 + kHeight / 2 + 0.5);
  return canvas;
}
