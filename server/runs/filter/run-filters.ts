import { checkFilter } from '../../../schema/filter/check.js';
import { parseFilter } from '../../../schema/filter/parse.js';
import { type Filter, type FilterField, isComparison, partsOf } from '../../../schema/filter/tree.js';
import { type FieldNames, refused } from './field-names.js';
import { filterSql, type SqlCondition } from './filter-sql.js';
import type { RunWhere } from './where.inputs.js';
import { whereTree } from './where-tree.js';

/** What a list of runs can be filtered by: a tree, one line of text, or both, which must then both hold. */
export interface RunConditions {
  where?: RunWhere | null;
  query?: string | null;
}

/** Turns filters into conditions of SQL on the row `run`. */
export class RunFilters {
  constructor(
    private readonly deps: {
      names: FieldNames;
    },
  ) {}

  /**
   * Null without a condition.
   * @param more must hold, too. It was checked
   * @throws BAD_USER_INPUT for a filter that could match no run
   */
  async condition({ where, query }: RunConditions, more: Filter | null = null): Promise<SqlCondition | null> {
    const tree = where ? whereTree(where) : null;
    const parsed = query?.trim() ? refused('query', () => parseFilter(query)) : null;
    const filters = [tree, parsed?.filter, more].filter((each): each is Filter => !!each);
    if (filters.length === 0) return null;
    const { catalog, classes } = await this.deps.names.of(filters.flatMap(fieldsOf));
    const known = [
      ...(more ? [more] : []),
      ...(tree ? [refused('where', () => checkFilter(tree, catalog))] : []),
      ...(parsed
        ? [refused('query', () => checkFilter(parsed.filter, catalog, (each) => parsed.characters.get(each)))]
        : []),
    ];
    return filterSql(known.length === 1 ? known[0]! : { and: known }, classes);
  }
}

const fieldsOf = (filter: Filter): FilterField[] =>
  isComparison(filter) ? [filter.field] : partsOf(filter).flatMap(fieldsOf);
