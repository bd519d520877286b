/** The same tree of keys in another language; a plural has one entry for each form. */
export type Translation<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : Translation<T[K]>;
};

type Forms = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';

/** `area.part.key` for every text of a catalogue; the forms of a plural share one key. */
export type KeysOf<T> = {
  [K in keyof T & string]: T[K] extends string
    ? K extends `${infer Base}_${Forms}`
      ? Base
      : K
    : `${K}.${KeysOf<T[K]>}`;
}[keyof T & string];
