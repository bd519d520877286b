import { useEffect, useState } from 'react';

/** What the link of a letter carries behind '#', which is taken out of the address bar at once. */
export function useLinkToken(): string {
  const [token] = useState(() => tokenIn(window.location.hash));
  useEffect(() => {
    const { pathname, search } = window.location;
    if (window.location.hash !== '') window.history.replaceState(null, '', pathname + search);
  }, []);
  return token;
}

export function tokenIn(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';
}
