import { type Context } from '../../context.js';
import type { DatasetsService } from '../../datasets/datasets.service.js';
import { type Connection, type Slice, toConnection } from '../../graphql/connection.js';
import { Parameters } from '../filter/comparison-sql.js';
import type { FieldNames } from '../filter/field-names.js';
import { FieldSql } from '../filter/field-sql.js';
import { oldFilterTree } from '../filter/old-filter.js';
import type { RunFilters } from '../filter/run-filters.js';
import type { Run } from '../run.entity.js';
import { checkRunFilter } from '../run-filter.validation.js';
import type { RunListArgs } from '../runs.inputs.js';
import type { RunsService } from '../runs.service.js';
import { checkedSlice, cursorOf, type Range, rangeOf } from './positions.js';
import type { IdPage, RunList, RunListsRepository } from './run-lists.repository.js';
import { orderName, sortColumns, sortOf } from './run-sort.js';

/** Lists of runs. */
export class RunLists {
  constructor(
    private readonly deps: {
      repository: RunListsRepository;
      runs: RunsService;
      datasets: DatasetsService;
      filters: RunFilters;
      names: FieldNames;
    },
  ) {}

  /** A page of all runs. @throws BAD_USER_INPUT for a filter or an order with a field that no run could have */
  async page(args: RunListArgs): Promise<Connection<Run>> {
    const { list, slice } = await this.list(args);
    const page = await this.deps.repository.page(list);
    const [connection] = await this.connections(list, slice, [page], async (range) => {
      return (await this.deps.repository.page({ ...list, range })).rows.length > 0;
    });
    return connection!;
  }

  /** A page of the runs of a study. Batched: a few statements read those of many studies. */
  async pageOfStudy(context: Context, studyId: string, args: RunListArgs): Promise<Connection<Run>> {
    const loader = context.loaders.of<Connection<Run>>(`runs of studies ${JSON.stringify(args)}`, async (studyIds) => {
      const { list, slice } = await this.list({ ...args, filter: args.filter && { ...args.filter, studyId: null } });
      const pages = await this.deps.repository.pages(list, studyIds);
      return this.connections(list, slice, pages, async (range, index) => {
        return (await this.hasRuns(context, { ...list, range }, args).load(studyIds[index]!))!;
      });
    });
    return (await loader.load(studyId))!;
  }

  /** Whether studies have runs in a range, which the arguments of their lists and the direction of its cursor determine. */
  private hasRuns(context: Context, list: RunList, args: RunListArgs) {
    const direction = list.range.before ? 'before' : 'after';
    return context.loaders.of<boolean>(`runs of studies ${direction} ${JSON.stringify(args)}`, async (studyIds) => {
      return (await this.deps.repository.pages(list, studyIds)).map(({ rows }) => rows.length > 0);
    });
  }

  private async list({
    filter,
    where,
    query,
    orderBy,
    sort: text,
    sortBy,
    ...args
  }: RunListArgs): Promise<{ list: RunList; slice: Slice }> {
    if (filter) await checkRunFilter(filter, this.deps.datasets);
    const sort = await sortOf({ orderBy, sort: text, sortBy }, this.deps.names);
    const condition = await this.deps.filters.condition({ where, query }, filter ? oldFilterTree(filter) : null);
    const columns = sortColumns(sort.keys, new FieldSql(new Parameters('sort'), sort.classes, 'JOINS'));
    const slice = checkedSlice(args, orderName(sort), columns);
    return { list: { condition, sort, range: rangeOf(slice) }, slice };
  }

  private async connections(
    { sort }: RunList,
    slice: Slice,
    pages: readonly IdPage[],
    hasRuns: (range: Range, page: number) => Promise<boolean>,
  ): Promise<Connection<Run>[]> {
    const order = orderName(sort);
    const ids = pages.flatMap(({ rows }) => rows.slice(0, slice.limit - 1).map(({ id }) => id));
    const runs = new Map((await this.deps.runs.byIds(ids)).flatMap((run) => (run ? [[run.id, run]] : [])));
    return pages.map(({ rows, total }, page) => {
      const found = rows.map((row) => ({ node: runs.get(row.id)!, cursor: cursorOf(order, row) }));
      const connection = toConnection(found, slice, total, (other) => hasRuns(rangeOf(other), page));
      // A run that was deleted in the meantime is left out.
      return { ...connection, edges: connection.edges.filter(({ node }) => node) };
    });
  }
}
