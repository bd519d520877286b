import { passkeyOptions, signInByPasskey } from '@/net/mfaRoutes';
import { askPasskey } from './passkey';
import { problemText } from './problemText';

/** Signs in by whichever passkey of this site the person chooses; says what went wrong. */
export async function signInWithPasskey(): Promise<string | null> {
  try {
    await signInByPasskey(await askPasskey(await passkeyOptions()));
    return null;
  } catch (error) {
    return problemText(error);
  }
}
