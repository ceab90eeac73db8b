import type { FilterCatalog } from './catalog.js';
import { checkField } from './check-fields.js';
import { checkValue } from './check-values.js';
import { printField } from './print.js';
import { filterMistake } from './reasons.js';
import {
  type Comparison,
  type Filter,
  FilterError,
  isComparison,
  MOST_COMPARISONS,
  MOST_LEVELS,
  partsOf,
} from './tree.js';

/**
 * Checks names and types. Returns the filter with names of states, networks, subsets and alarms as they are stored, whatever their
 * case was, and with settings that have the name of no field as `config.` and their path.
 * @param characterOf where a comparison is in the text that was parsed
 * @throws FilterError for the first comparison that no run could be meant by
 */
export function checkFilter(
  filter: Filter,
  catalog: FilterCatalog,
  characterOf: (comparison: Comparison) => number | undefined = () => undefined,
): Filter {
  let comparisons = 0;
  const check = (part: Filter, level: number): Filter => {
    if (level > MOST_LEVELS) throw new FilterError(filterMistake('TOO_DEEP', { most: MOST_LEVELS }), null);
    if (isComparison(part)) {
      comparisons += 1;
      if (comparisons > MOST_COMPARISONS) {
        throw new FilterError(
          filterMistake('TOO_MANY_COMPARISONS', { most: MOST_COMPARISONS }),
          characterOf(part) ?? null,
        );
      }
      return checkComparison(part, catalog, characterOf(part) ?? null);
    }
    const parts = partsOf(part).map((each) => check(each, level + 1));
    if (parts.length === 0) throw new FilterError(filterMistake('NO_CONDITIONS', {}), null);
    if ('not' in part) return { not: parts[0]! };
    return 'and' in part ? { and: parts } : { or: parts };
  };
  return check(filter, 1);
}

function checkComparison(given: Comparison, catalog: FilterCatalog, character: number | null): Comparison {
  const { field, type } = checkField(given.field, catalog, character);
  const value = checkValue(given, type, printField(given.field), (mistake) => {
    throw new FilterError(mistake, character);
  });
  return value === undefined ? { field, op: given.op } : { field, op: given.op, value };
}
