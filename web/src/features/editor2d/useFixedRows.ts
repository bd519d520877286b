import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';

/** Rows beyond the edges, so that scrolling shows none late. */
const kOverscan = 6;

interface Seen {
  first: number;
  last: number;
}

/** Of many rows of one height those in sight of `scroller`, and how to bring one into sight. */
export function useFixedRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  height: number,
) {
  const [seen, setSeen] = useState<Seen>({ first: 0, last: -1 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const first = Math.floor(element.scrollTop / height);
      const last = Math.ceil((element.scrollTop + element.clientHeight) / height) - 1;
      setSeen((old) => (old.first === first && old.last === last ? old : { first, last }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, height]);
  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (!element) return;
      const above = index * height;
      const below = above + height - element.clientHeight;
      if (element.scrollTop > above) element.scrollTop = above;
      else if (element.scrollTop < below) element.scrollTop = below;
    },
    [scroller, height],
  );
  const first = Math.max(0, Math.min(seen.first, count - 1) - kOverscan);
  const last = Math.min(count - 1, seen.last + kOverscan);
  const indices = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return { indices, seen, reveal };
}
