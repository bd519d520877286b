import { type RefObject, useEffect, useState } from 'react';

/** True once the element has been in sight. */
export function useSeen(frame: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!frame.current || seen) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
    );
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame, seen]);
  return seen;
}
