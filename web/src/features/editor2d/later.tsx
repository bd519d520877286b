import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';

/** A part of the editor whose code is fetched once the canvas is up; nothing until it is there. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
): (props: P) => ReactNode {
  const Part = lazy(async (): Promise<{ default: ComponentType<object> }> => {
    return { default: (await load()) as ComponentType<object> };
  });
  return (props) => (
    <Suspense fallback={null}>
      <Part {...props} />
    </Suspense>
  );
}
