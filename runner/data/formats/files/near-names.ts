const EXTENSION = /\.(png|jpe?g|tiff?|bmp|webp|gif)$/;

/** What two names of one thing often have in common, strictest first. Empty: nothing. */
const KEYS: readonly ((name: string) => string)[] = [
  (name) => name.toLowerCase(),
  (name) => name.toLowerCase().replace(EXTENSION, ''),
  // img_1 and mask_1
  (name) => (name.match(/\d+/g) ?? []).join(' '),
];

/** Names, to be found by one that nearly fits. */
export class NearNames {
  /** For each of `KEYS`, the names by their key; null if several have it. */
  private readonly byKey: Map<string, string | null>[];

  constructor(names: Iterable<string>) {
    const all = [...names];
    this.byKey = KEYS.map((keyOf) => {
      const found = new Map<string, string | null>();
      for (const name of all) found.set(keyOf(name), found.has(keyOf(name)) ? null : name);
      return found;
    });
  }

  /** The only name that nearly fits; null if there is none, or several are as near. */
  to(name: string): string | null {
    for (const [index, keyOf] of KEYS.entries()) {
      const key = keyOf(name);
      const found = key === '' ? undefined : this.byKey[index]!.get(key);
      if (found !== undefined) return found;
    }
    return null;
  }
}
