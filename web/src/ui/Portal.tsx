import { createContext, useContext } from 'react';

/**
 * Where menus and tooltips are put: the body, or the open modal dialog, since everything
 * outside the top-most modal dialog is inert and painted below it.
 */
const PortalContext = createContext<HTMLElement | null>(null);

export const PortalProvider = PortalContext.Provider;

export function usePortalContainer(): HTMLElement | undefined {
  return useContext(PortalContext) ?? undefined;
}
