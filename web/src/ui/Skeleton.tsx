import { type ReactNode, useEffect, useState } from 'react';

export function Skeleton({ height = 14, width }: { height?: number; width?: number | string }) {
  return <div className="skeleton" style={{ height, width }} aria-hidden="true" />;
}

/** Waits before it shows its children, so that quick answers do not flash a skeleton. */
export function Delayed({ ms = 150, children }: { ms?: number; children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return shown ? children : null;
}
