import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { t, withLaterMessages } from '@/i18n/i18n';
import { toast } from '@/ui/Toast';
import { holdKeys, type HeldKeys } from './heldKeys';

const kAgainMs = 2000;

type Loading<P> = () => Promise<ComponentType<P>>;

/** Code that is fetched once, some time after the page or when it is first asked for. */
class Part<P> {
  ready: ComponentType<P> | null = null;

  constructor(private readonly load: Loading<P>) {
    // What is shown first when something is selected must be there when the network is not.
    globalThis.setTimeout(() => void this.fetch().catch(() => {}), kAgainMs);
  }

  async fetch(): Promise<ComponentType<P>> {
    return (this.ready ??= await withLaterMessages(this.load()));
  }
}

/**
 * A part of the editor whose code is fetched once the canvas is up; `meanwhile` until it is there.
 * Without a network it is asked for again and again: the rest of the editor goes on.
 */
export function later<P extends object>(
  load: Loading<P>,
  meanwhile: ReactNode = null,
): (props: P) => ReactNode {
  const part = new Part(load);
  return function Later(props) {
    const [Shown, setShown] = useState<ComponentType<P> | null>(() => part.ready);
    useEffect(() => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let gone = false;
      const ask = () => {
        part.fetch().then(
          (found) => gone || setShown(() => found),
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
    return Shown ? <Shown {...props} /> : meanwhile;
  };
}

/**
 * The same for what takes the keyboard: what is typed before it is there goes to it and not to the
 * page. Where it cannot be fetched it says so and does not open by itself later on.
 */
export function laterDialog<P extends { onClose: () => void }>(
  load: Loading<P>,
): (props: P) => ReactNode {
  const part = new Part(load);
  return function LaterDialog(props) {
    const [Shown, setShown] = useState<ComponentType<P> | null>(() => part.ready);
    const close = useRef(props.onClose);
    close.current = props.onClose;
    const keys = useRef<HeldKeys | null>(null);
    useLayoutEffect(() => {
      let gone = false;
      keys.current = holdKeys(() => close.current());
      part.fetch().then(
        (found) => gone || setShown(() => found),
        () => {
          if (gone) return;
          toast({ tone: 'err', title: t('editor.notFetched'), detail: t('editor.notFetchedHint') });
          close.current();
        },
      );
      return () => {
        gone = true;
        keys.current?.drop();
      };
    }, []);
    // After the effects of the dialog itself, which take the focus.
    useEffect(() => {
      if (Shown) void keys.current?.hand();
    }, [Shown]);
    return Shown ? <Shown {...props} /> : null;
  };
}
