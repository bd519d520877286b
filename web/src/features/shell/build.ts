/** Which build this page came from: the names of scripts carry the hash of what is in them. */

/** The entry script that a page of the server names. */
export function entryOf(html: string): string | null {
  return /<script[^>]+type="module"[^>]+src="([^"]+)"/.exec(html)?.[1] ?? null;
}

/** Whether the server has another build by now; false while it cannot be asked. */
export async function isNewer(): Promise<boolean> {
  const here = document.querySelector('script[type="module"][src]')?.getAttribute('src');
  try {
    const answer = await fetch('/', { cache: 'no-store', credentials: 'omit' });
    const there = answer.ok ? entryOf(await answer.text()) : null;
    return there !== null && here != null && there !== here;
  } catch {
    return false;
  }
}
