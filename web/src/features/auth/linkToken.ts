import { useEffect, useState } from 'react';

/** What the link of a letter carries behind '#', which is taken out of the address bar at once. */
export function useLinkToken(name = 'token'): string {
  const [token] = useState(() => tokenIn(window.location.hash, name));
  useEffect(() => {
    const { pathname, search } = window.location;
    if (window.location.hash !== '') window.history.replaceState(null, '', pathname + search);
  }, []);
  return token;
}

export function tokenIn(hash: string, name = 'token'): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get(name) ?? '';
}
