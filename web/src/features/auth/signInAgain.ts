import { create } from 'zustand';

/** Whether the page waits for its person to sign in again; what is open stays as it is. */
export const useSignInAgain = create<{ asked: boolean }>(() => ({ asked: false }));

export function askToSignIn(): void {
  useSignInAgain.setState({ asked: true });
}

/** Pages that hold work that is not saved yet are not left for the login. */
export function keepsWork(pathname: string): boolean {
  return pathname.includes('/annotate/');
}
