/** How a value is written into the page's address, and read from it. */
export interface UrlPart<Value> {
  /** The value of a text from the address; null if the address lacks it. Anything may be in an edited address. */
  read: (text: string | null) => Value;
  /** The text for a value; null leaves it out, so that the address of a page as it first opens is short. */
  write: (value: Value) => string | null;
}

/** Any text; empty by default. */
export const text: UrlPart<string> = { read: (text) => text ?? '', write: (value) => value || null };

/** One of several values. What an edited or old address has instead becomes the fallback. */
export function oneOf<const Value extends string>(values: readonly Value[], fallback: NoInfer<Value>): UrlPart<Value> {
  return {
    read: (text) => values.find((value) => value === text) ?? fallback,
    write: (value) => (value === fallback ? null : value),
  };
}

/** A whole number within limits, which are inclusive; null if the address has none. */
export function wholeNumber(least: number, most: number): UrlPart<number | null> {
  return {
    read: (text) => {
      const value = text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
      return value === null ? null : Math.min(most, Math.max(least, value));
    },
    write: (value) => (value === null ? null : String(value)),
  };
}

/** Several texts with commas between them, such as ids. */
export const list: UrlPart<string[]> = {
  read: (text) => (text ?? '').split(',').filter(Boolean),
  write: (values) => values.join(',') || null,
};

/** On or off; off by default. */
export const flag: UrlPart<boolean> = { read: (text) => text === 'yes', write: (value) => (value ? 'yes' : null) };

/** A query string with one value changed; every other part of it stays. Starts with "?", or is empty. */
export function withPart<Value>(search: string, name: string, part: UrlPart<Value>, value: Value): string {
  const parameters = new URLSearchParams(search);
  const written = part.write(value);
  if (written === null) parameters.delete(name);
  else parameters.set(name, written);
  const changed = parameters.toString();
  return changed && `?${changed}`;
}
