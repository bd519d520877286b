/**
 * Lets a page scroll through content that is higher than a browser can lay out. The content's
 * stand-in is as high as may be; small moves (wheel, keys) move the content one to one, large ones
 * (the scrollbar) in proportion. In rest, `anchor` says where the scrollbar should stand.
 */
const kHeightMax = 8_000_000;

export class ScrollMap {
  private contentHeight = 0;
  private viewHeight = 0;
  /** What is at the stand-in's place s is at s + base in the content. */
  private base = 0;
  private last = 0;

  constructor(private readonly heightMax = kHeightMax) {}

  resize(contentHeight: number, viewHeight: number): void {
    if (contentHeight === this.contentHeight && viewHeight === this.viewHeight) return;
    const top = this.top;
    this.contentHeight = contentHeight;
    this.viewHeight = viewHeight;
    this.base = this.scaled ? clamp(top, this.topMax) - this.last : 0;
  }

  /** Of the stand-in. */
  get height(): number {
    return Math.min(this.contentHeight, this.heightMax);
  }

  /** Where the view begins in the content. */
  get top(): number {
    return this.last + this.base;
  }

  /** Add it to a place of the stand-in to have the place in the content. */
  get shift(): number {
    return this.base;
  }

  /** The view begins at this place of the stand-in; the answer is its place in the content. */
  follow(scrolled: number): number {
    if (!this.scaled) {
      this.last = scrolled;
      this.base = 0;
      return scrolled;
    }
    const place = clamp(scrolled, this.placeMax);
    const jump = Math.abs(place - this.last) > 2 * this.viewHeight;
    if (place === 0) this.base = 0;
    else if (place === this.placeMax) this.base = this.topMax - place;
    else if (jump) this.base = this.inProportion(place) - place;
    else this.base = clamp(place + this.base, this.topMax) - place;
    this.last = place;
    return this.top;
  }

  /** Whether `follow` has seen this place of the stand-in. */
  isAt(scrolled: number): boolean {
    return Math.abs(scrolled - this.last) < 1 || clamp(scrolled, this.placeMax) === this.last;
  }

  /** Where the stand-in must be scrolled to for the view to begin at this place of the content. */
  scrollFor(top: number): number {
    const wanted = clamp(top, this.topMax);
    if (!this.scaled) return wanted;
    const near = Math.abs(wanted - this.top) <= 2 * this.viewHeight;
    const place = clamp(near ? this.last + wanted - this.top : this.placeOf(wanted), this.placeMax);
    this.last = place;
    this.base = wanted - place;
    return place;
  }

  /** Where the stand-in should be scrolled to, for the scrollbar to tell the truth. */
  anchor(): number | null {
    if (!this.scaled) return null;
    const top = this.top;
    const place = Math.round(this.placeOf(top));
    if (Math.abs(place - this.last) < 1) return null;
    this.last = place;
    this.base = top - place;
    return place;
  }

  private get scaled(): boolean {
    return this.contentHeight > this.heightMax;
  }
  private get placeMax(): number {
    return Math.max(0, this.height - this.viewHeight);
  }
  private get topMax(): number {
    return Math.max(0, this.contentHeight - this.viewHeight);
  }
  private inProportion(place: number): number {
    return (place / this.placeMax) * this.topMax;
  }
  private placeOf(top: number): number {
    return (top / this.topMax) * this.placeMax;
  }
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}
