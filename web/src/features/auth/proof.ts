import { create } from 'zustand';

interface Proof {
  /** Answers whoever waits for the proof. */
  settle: ((given: boolean) => void) | null;
}

export const useProof = create<Proof>(() => ({ settle: null }));

let pending: Promise<boolean> | null = null;

/** Opens the dialog; calls that are refused meanwhile wait for the same answer. */
export function askForProof(): Promise<boolean> {
  pending ??= new Promise<boolean>((resolve) => {
    const settle = (given: boolean) => {
      pending = null;
      useProof.setState({ settle: null });
      resolve(given);
    };
    useProof.setState({ settle });
  });
  return pending;
}
