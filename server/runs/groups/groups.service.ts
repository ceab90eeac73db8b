import { isNumber } from '../../../schema/filter/catalog.js';
import { type CheckedField, checkField } from '../../../schema/filter/check-fields.js';
import { parseSort } from '../../../schema/filter/parse-lists.js';
import { printField } from '../../../schema/filter/print.js';
import { filterMistake } from '../../../schema/filter/reasons.js';
import { FilterError } from '../../../schema/filter/tree.js';
import { checkEntries } from '../../graphql/checks.js';
import { type Connection, toConnection } from '../../graphql/connection.js';
import { refusal } from '../../graphql/errors.js';
import { Parameters } from '../filter/comparison-sql.js';
import { type FieldNames, refused } from '../filter/field-names.js';
import { FieldSql } from '../filter/field-sql.js';
import type { RunFilters } from '../filter/run-filters.js';
import { checkedSlice, cursorOf, rangeOf } from '../order/positions.js';
import { type Grouping, type GroupKey, type GroupsRepository, groupColumns } from './groups.repository.js';
import type { RunGroup, RunGroupsArgs } from './groups.types.js';

const MOST_FIELDS = 10;
const MOST_VALUES = 20;
const COUNT = 'count';

/** Groups runs by fields, and computes statistics of each group. */
export class RunGroups {
  constructor(
    private readonly deps: {
      repository: GroupsRepository;
      filters: RunFilters;
      names: FieldNames;
    },
  ) {}

  /** @throws BAD_USER_INPUT for fields that no run could have, and for values that are not numbers */
  async page({ by, values, best, where, query, sort, ...args }: RunGroupsArgs): Promise<Connection<RunGroup>> {
    checkEntries('by', by, MOST_FIELDS);
    if (values.length > 0) checkEntries('values', values, MOST_VALUES);
    const [keys, numbers, condition] = await Promise.all([
      this.deps.names.fields('by', by),
      this.deps.names.fields('values', values),
      this.deps.filters.condition({ where, query }),
    ]);
    for (const [index, { field, type }] of numbers.fields.entries()) {
      if (isNumber(type)) continue;
      throw refusal('STATISTICS_NEED_NUMBERS', { field: `values[${index}]`, name: printField(field) });
    }
    const classes = new Map([...keys.classes, ...numbers.classes]);
    const grouping: Grouping = {
      ...{ by: keys.fields, values: numbers.fields, classes, best, condition },
      sort: await this.sortOf(sort ?? '', keys.fields, numbers.fields),
    };
    const order = `groups by ${JSON.stringify([keys.fields.map(nameOf), numbers.fields.map(nameOf), grouping.sort])}`;
    const sql = new FieldSql(new Parameters('group'), classes, 'JOINS');
    const columns = groupColumns(
      grouping,
      keys.fields.map(({ field }) => sql.of(field)),
    );
    const slice = checkedSlice(args, order, columns, (id) => id === '');
    const [found, total] = await this.deps.repository.page(grouping, rangeOf(slice));
    const rows = found.map(({ group, position }) => ({ node: group, cursor: cursorOf(order, position) }));
    return toConnection(rows, slice, total, async (other) => {
      return (await this.deps.repository.page(grouping, rangeOf(other)))[0].length > 0;
    });
  }

  /** The requested fields, and then the others, which tell groups apart. */
  private async sortOf(text: string, by: CheckedField[], values: CheckedField[]): Promise<GroupKey[]> {
    const parsed = text.trim() ? refused('sort', () => parseSort(text)) : [];
    const [byNames, valueNames] = [by.map(nameOf), values.map(nameOf)];
    const { catalog } = await this.deps.names.of(parsed.map(({ field }) => field));
    const asked = parsed.map(
      ({ field, descending, character }): GroupKey =>
        refused('sort', () => {
          if ('path' in field && field.path === COUNT) return { of: 'count', descending };
          const name = nameOf(checkField(field, catalog, character));
          if (byNames.includes(name)) return { of: { by: byNames.indexOf(name) }, descending };
          if (valueNames.includes(name)) return { of: { value: valueNames.indexOf(name) }, descending };
          const params = { field: printField(field), known: [...byNames, ...valueNames, COUNT] };
          throw new FilterError(filterMistake('NOT_IN_GROUPS', params), character);
        }),
    );
    const isAsked = (index: number) => asked.some(({ of }) => of !== 'count' && 'by' in of && of.by === index);
    const others = by.flatMap((_, index) => (isAsked(index) ? [] : [{ of: { by: index }, descending: false }]));
    return [...asked, ...others];
  }
}

const nameOf = ({ field }: CheckedField): string => printField(field);
