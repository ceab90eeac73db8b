import type { FilterCatalog } from '../../../schema/filter/catalog.js';
import { checkFilter } from '../../../schema/filter/check.js';
import { ALARM_KINDS, NETWORKS, SUBSETS } from '../../../schema/filter/names.js';
import { parseFilter } from '../../../schema/filter/parse.js';
import { settingTypes } from '../../../schema/filter/settings.js';
import { type Filter, FilterError, isComparison, partsOf } from '../../../schema/filter/tree.js';
import { badUserInput } from '../../graphql/errors.js';
import { type ClassPlaces, filterSql, type SqlCondition } from './filter-sql.js';
import type { FiltersRepository } from './filters.repository.js';
import { RUN_FIELDS } from './run-fields.js';
import type { RunWhere } from './where.inputs.js';
import { whereTree } from './where-tree.js';

/** What a list of runs can be filtered by: a tree, one line of text, or both, which must then both hold. */
export interface RunConditions {
  where?: RunWhere | null;
  query?: string | null;
}

const NO_CLASSES: ClassPlaces = new Map();

/** Turns filters into conditions of SQL on the row `run`. */
export class RunFilters {
  private readonly settings = settingTypes();

  constructor(
    private readonly deps: {
      repository: FiltersRepository;
    },
  ) {}

  /** Null if nothing is asked for. @throws BAD_USER_INPUT for a filter that no run could be meant by */
  async condition({ where, query }: RunConditions): Promise<SqlCondition | null> {
    const tree = where ? whereTree(where) : null;
    const parsed = query?.trim() ? checked('query', () => parseFilter(query)) : null;
    const filters = [tree, parsed?.filter].filter((each): each is Filter => !!each);
    if (filters.length === 0) return null;
    const classes = filters.some(hasClass) ? await this.deps.repository.classes() : NO_CLASSES;
    const catalog = await this.catalog(classes, filters.some(hasMetric));
    const known = [
      ...(tree ? [checked('where', () => checkFilter(tree, catalog))] : []),
      ...(parsed
        ? [checked('query', () => checkFilter(parsed.filter, catalog, (each) => parsed.characters.get(each)))]
        : []),
    ];
    return filterSql(known.length === 1 ? known[0]! : { and: known }, classes);
  }

  private async catalog(classes: ClassPlaces, hasMetrics: boolean): Promise<FilterCatalog> {
    return {
      fields: RUN_FIELDS,
      settings: this.settings,
      series: hasMetrics ? await this.deps.repository.series() : null,
      classes: [...classes.keys()],
      networks: NETWORKS,
      subsets: SUBSETS,
      alarms: ALARM_KINDS,
    };
  }
}

function checked<T>(argument: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { character } = error;
    throw badUserInput(`${argument}: ${error.message}`, character === null ? {} : { character });
  }
}

const hasClass = (filter: Filter): boolean =>
  isComparison(filter) ? 'score' in filter.field && filter.field.class !== undefined : partsOf(filter).some(hasClass);

const hasMetric = (filter: Filter): boolean =>
  isComparison(filter) ? 'metric' in filter.field : partsOf(filter).some(hasMetric);
