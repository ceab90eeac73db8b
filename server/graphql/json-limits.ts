/** A study of 500 runs, or a runner with ten datasets of 255 classes, has fewer. */
export const MAX_VALUES = 20_000;
/** The largest report of our agent has about 108,000: an evaluation of 255 classes and 10,000 images, after 256 KiB of other records. */
export const MAX_VALUES_OF_REPORT = 140_000;
/** Configurations have about five levels. Code that walks deeper values might exhaust the stack. */
const MAX_NESTING = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * What makes a JSON text too expensive to parse and to check; null if nothing does. It only counts brackets and commas: a few
 * megabytes of them become objects of hundreds of megabytes.
 * @param json in UTF-8
 */
export function jsonProblem(json: Uint8Array, maxValues = MAX_VALUES): string | null {
  let nesting = 0;
  let values = 1;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === COMMA) values++;
    else if (OPENING.has(byte)) {
      values++;
      if (++nesting > MAX_NESTING) return `is nested more than ${MAX_NESTING} levels deep`;
    } else if (CLOSING.has(byte)) nesting--;
    if (values > maxValues) return `has more than ${maxValues} values`;
  }
  return null;
}
