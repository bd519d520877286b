import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ScrollMap } from './scrollMap';

const kRestMs = 140;
const kOverscanRows = 3;
/** What is in sight comes first. */
const kOverscanAfterMs = 100;

export interface Rows {
  first: number;
  last: number;
  /** Of the first row, in the stand-in. */
  offset: number;
  height: number;
}

/** The rows that the window shows of so many, and how to go to one. */
export function useGalleryScroll(host: RefObject<HTMLElement | null>, count: number, row: number) {
  const map = useRef(new ScrollMap()).current;
  const topRef = useRef(0);
  const [overscan, setOverscan] = useState(0);
  const [rows, setRows] = useState<Rows>({ first: 0, last: -1, offset: 0, height: 0 });

  const show = useCallback(() => {
    const top = map.follow(window.scrollY - topRef.current);
    const first = Math.max(0, Math.floor(top / row) - overscan);
    const last = Math.min(count - 1, Math.ceil((top + window.innerHeight) / row) + overscan);
    const next = { first, last, offset: first * row - map.shift, height: map.height };
    setRows((old) => (same(old, next) ? old : next));
  }, [map, count, row, overscan]);

  useEffect(() => {
    const timer = window.setTimeout(() => setOverscan(kOverscanRows), kOverscanAfterMs);
    return () => window.clearTimeout(timer);
  }, []);

  useLayoutEffect(() => {
    const place = () => {
      const rect = host.current?.getBoundingClientRect();
      if (rect) topRef.current = Math.round(rect.top + window.scrollY);
      map.resize(count * row, window.innerHeight);
      show();
    };
    place();
    const observer = new ResizeObserver(place);
    // The height of what stands above moves the gallery without resizing it.
    observer.observe(document.body);
    window.addEventListener('resize', place);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
    };
  }, [host, map, count, row, show]);

  useEffect(() => {
    let rest = 0;
    const settle = () => {
      // Scrolled again, and the event has not come yet: this is no rest.
      if (!map.isAt(window.scrollY - topRef.current)) return;
      const place = map.anchor();
      if (place !== null) window.scrollTo({ top: topRef.current + place, behavior: 'instant' });
    };
    const scrolled = () => {
      show();
      window.clearTimeout(rest);
      rest = window.setTimeout(settle, kRestMs);
    };
    window.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      window.clearTimeout(rest);
      window.removeEventListener('scroll', scrolled);
    };
  }, [map, show]);

  const reveal = useCallback(
    (index: number, margin: number) => {
      const above = index * row;
      const below = above + row - window.innerHeight + margin;
      if (map.top <= above && map.top >= below) return;
      const place = map.scrollFor(map.top > above ? above : below);
      window.scrollTo({ top: topRef.current + place, behavior: 'instant' });
      show();
    },
    [map, row, show],
  );
  return { rows, reveal };
}

function same(a: Rows, b: Rows): boolean {
  return a.first === b.first && a.last === b.last && a.offset === b.offset && a.height === b.height;
}

export function useWidth(host: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!host.current) return;
    const element = host.current;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
  return width;
}
