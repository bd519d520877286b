import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import passwords from 'virtual:common-passwords';

/** 0 is guessed at once, 4 is not guessed. */
export type Strength = 0 | 1 | 2 | 3 | 4;

const judge = new ZxcvbnFactory({ dictionary: { passwords } });
const longest = 72;

/** How hard a password is to guess for who knows the person's own words. */
export function strengthOf(password: string, own: readonly string[]): Strength {
  const words = own.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const known = words.filter((word) => word.length > 2);
  return judge.check(password.slice(0, longest), known).score;
}
