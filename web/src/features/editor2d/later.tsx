import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

const kAgainMs = 2000;

/**
 * A part of the editor whose code is fetched once the canvas is up; nothing until it is there.
 * Without a network it is asked for again and again: the rest of the editor goes on.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
): (props: P) => ReactNode {
  let ready: ComponentType<P> | null = null;
  const fetchPart = async () => (ready ??= await load());
  // What is shown first when something is selected must be there when the network is not.
  globalThis.setTimeout(() => void fetchPart().catch(() => {}), kAgainMs);
  return function Later(props) {
    const [Part, setPart] = useState<ComponentType<P> | null>(() => ready);
    useEffect(() => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let gone = false;
      const ask = () => {
        fetchPart().then(
          (part) => gone || setPart(() => part),
          () => {
            if (!gone) timer = setTimeout(ask, kAgainMs);
          },
        );
      };
      ask();
      return () => {
        gone = true;
        clearTimeout(timer);
      };
    }, []);
    return Part ? <Part {...props} /> : null;
  };
}
