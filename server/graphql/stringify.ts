import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items that are written without a pause: they take a few milliseconds. */
const MOST_ITEMS = 10_000;
/** Characters that are written without a pause. */
const MOST_CHARACTERS = 100_000;

/**
 * The same text as that of JSON.stringify, for the result of an operation. A long one is written in several turns of the event
 * loop: a million numbers take a tenth of a second, and other requests would have to wait.
 */
export async function stringifyInTurns(result: unknown): Promise<string> {
  if (itemsIn(result, MOST_ITEMS) <= MOST_ITEMS) return JSON.stringify(result);
  const texts: string[] = [];
  let written = 0;
  for (const text of parts(result)) {
    texts.push(text);
    written += text.length;
    if (written < MOST_CHARACTERS) continue;
    written = 0;
    await nextTurn();
  }
  return texts.join('');
}

/** How many items the lists of a value have, counted up to about `most`. The items of one list are alike. */
function itemsIn(value: unknown, most: number): number {
  if (!isNested(value)) return 0;
  const isList = Array.isArray(value);
  if (isList && !isNested(value[0])) return value.length;
  let items = isList ? value.length : 0;
  // Without a list of the values: a page of runs has thousands of objects.
  for (const name in value as object) {
    if (items > most) break;
    const inner = (value as Record<string, unknown>)[name];
    if (isNested(inner)) items += itemsIn(inner, most - items);
  }
  return items;
}

/** The text of a value in parts. Lists of leaves are divided. */
function* parts(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield '[';
    for (let from = 0; from < value.length; from += MOST_ITEMS) {
      if (from > 0) yield ',';
      yield* partsOfItems(value.slice(from, from + MOST_ITEMS));
    }
    yield ']';
  } else if (isNested(value)) {
    let separator = '{';
    for (const [name, inner] of Object.entries(value as object)) {
      if (inner === undefined) continue;
      yield `${separator}${JSON.stringify(name)}:`;
      yield* parts(inner);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  } else yield JSON.stringify(value);
}

function* partsOfItems(items: unknown[]): Generator<string> {
  if (!items.some(isNested)) return yield JSON.stringify(items).slice(1, -1);
  for (const [i, item] of items.entries()) {
    if (i > 0) yield ',';
    yield* parts(item);
  }
}

/** Whether a value is a list or an object with fields. Those that say themselves how they are written, such as dates, are leaves. */
const isNested = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { toJSON?: unknown }).toJSON !== 'function';
