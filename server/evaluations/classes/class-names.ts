import { withHint } from '../../../schema/filter/nearest.js';
import type { DatasetClass } from '../../datasets/dataset.entity.js';
import { refusal } from '../../graphql/errors.js';

/**
 * The indices of the classes with these names, in the given order and each once; of all classes if `names` is null.
 * @param argument what the names were given as, for errors
 * @throws BAD_USER_INPUT for a name that none of the classes has
 */
export function indicesOf(
  classes: readonly DatasetClass[],
  names: readonly string[] | null | undefined,
  argument: string,
): number[] {
  if (!names) return classes.map((_, index) => index);
  const known = classes.map(({ name }) => name);
  return [...new Set(names)].map((name) => {
    const index = known.indexOf(name);
    if (index < 0) throw unknownClass(argument, name, known);
    return index;
  });
}

export function unknownClass(argument: string, name: string, known: readonly string[]) {
  return refusal('CLASS_UNKNOWN', { field: argument, hint: withHint(name, known) });
}
