/**
 * The picture's tone as one SVG filter over its canvas: nothing is drawn again when a slider moves,
 * and tiles need nothing of their own.
 */
import { isPlainTone, type Tone } from '../editor/look';
import { histogramOf, toneCurve } from '../editor/tone';

const kSvg = 'http://www.w3.org/2000/svg';
const kSampleSide = 256;

let filters = 0;

export class ToneFilter {
  private readonly id = `tone-${++filters}`;
  private readonly svg = element('svg', { width: '0', height: '0', 'aria-hidden': 'true' });
  private readonly matrix = element('feColorMatrix', { type: 'saturate' });
  private readonly curves = ['R', 'G', 'B'].map((channel) =>
    element(`feFunc${channel}`, { type: 'table' }),
  );
  private histogram: number[] | null = null;
  private source: CanvasImageSource | null = null;

  constructor(private readonly canvas: HTMLCanvasElement) {
    const filter = element('filter', { id: this.id, 'color-interpolation-filters': 'sRGB' });
    for (const [name, value] of [
      ['x', '0'],
      ['y', '0'],
      ['width', '100%'],
      ['height', '100%'],
    ] as const) {
      filter.setAttribute(name, value);
    }
    const transfer = element('feComponentTransfer', {});
    transfer.append(...this.curves);
    filter.append(this.matrix, transfer);
    this.svg.style.position = 'absolute';
    this.svg.append(filter);
    canvas.before(this.svg);
  }

  show(tone: Tone, picture: CanvasImageSource | null): void {
    if (isPlainTone(tone)) {
      this.canvas.style.filter = '';
      return;
    }
    if (tone.equalise && picture && picture !== this.source) {
      this.source = picture;
      this.histogram = sample(picture);
    }
    const table = toneCurve(tone, this.histogram).map((value) => value.toFixed(4));
    for (const curve of this.curves) curve.setAttribute('tableValues', table.join(' '));
    this.matrix.setAttribute('values', String(tone.saturation));
    this.canvas.style.filter = `url(#${this.id})`;
  }

  dispose(): void {
    this.canvas.style.filter = '';
    this.svg.remove();
  }
}

function sample(picture: CanvasImageSource): number[] {
  const canvas = new OffscreenCanvas(kSampleSide, kSampleSide);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, kSampleSide, kSampleSide);
  return histogramOf(context.getImageData(0, 0, kSampleSide, kSampleSide));
}

function element(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(kSvg, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
