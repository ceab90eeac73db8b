/** A study of 500 runs, or a runner with ten datasets of 255 classes, has fewer. */
export const MAX_VALUES = 20_000;
/** The largest report of our agent has about 108,000: an evaluation of 255 classes and 10,000 images, after 256 KiB of other records. */
export const MAX_VALUES_OF_REPORT = 140_000;
/** Configurations have about five levels. Code that walks deeper values might exhaust the stack. */
const MAX_NESTING = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a byte outside of strings means. */
const [VALUE, OPENING, CLOSING, STRING] = [1, 2, 3, 4];
/** The meaning of each byte; 0 for most, so that a long text is read at a nanosecond or two per byte. */
const MEANINGS = new Uint8Array(256);
for (const [meaning, characters] of [
  [VALUE, ','],
  [OPENING, '[{'],
  [CLOSING, ']}'],
  [STRING, '"'],
] as const) {
  for (const character of characters) MEANINGS[character.charCodeAt(0)] = meaning;
}

export interface JsonProblem {
  reason: 'JSON_TOO_DEEP' | 'JSON_TOO_LONG';
  /** Levels or values. */
  most: number;
}

/**
 * What makes a JSON text too expensive to parse and to check; null if nothing does. It only counts brackets and commas: a few
 * megabytes of them become objects of hundreds of megabytes.
 * @param json in UTF-8
 */
export function jsonProblem(json: Uint8Array, maxValues = MAX_VALUES): JsonProblem | null {
  let nesting = 0;
  let values = 1;
  for (let i = 0; i < json.length; i++) {
    const meaning = MEANINGS[json[i]!]!;
    if (meaning === 0) continue;
    if (meaning === STRING) i = endOfString(json, i + 1);
    else if (meaning === CLOSING) nesting--;
    else {
      values++;
      if (meaning === OPENING && ++nesting > MAX_NESTING) return { reason: 'JSON_TOO_DEEP', most: MAX_NESTING };
    }
    if (values > maxValues) return { reason: 'JSON_TOO_LONG', most: maxValues };
  }
  return null;
}

/** Strings are read byte by byte up to this length. A search costs more to begin with. */
const SHORT_BYTES = 64;

/** The place of the quote that ends the string which begins at `from`; the length of the text if there is none. */
function endOfString(json: Uint8Array, from: number): number {
  const near = endWithin(json, from, Math.min(json.length, from + SHORT_BYTES));
  if (near.isEnd || near.place >= json.length) return near.place;
  const quote = json.indexOf(QUOTE, near.place);
  const end = quote < 0 ? json.length : quote;
  // The points of a report are texts of thousands of bytes without a backslash. A search reads them many times faster.
  if (json.subarray(near.place, end).indexOf(BACKSLASH) < 0) return end;
  return endWithin(json, near.place, json.length).place;
}

/** The place of the ending quote, or where to continue, at or after `to`. */
function endWithin(json: Uint8Array, from: number, to: number): { place: number; isEnd: boolean } {
  let place = from;
  for (; place < to; place++) {
    if (json[place] === BACKSLASH) place++;
    else if (json[place] === QUOTE) return { place, isEnd: true };
  }
  return { place, isEnd: false };
}
