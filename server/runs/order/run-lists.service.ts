import { type Context } from '../../context.js';
import type { DatasetsService } from '../../datasets/datasets.service.js';
import { type Connection, checkPageSize, toConnection } from '../../graphql/connection.js';
import { Parameters } from '../filter/comparison-sql.js';
import type { FieldNames } from '../filter/field-names.js';
import { FieldSql } from '../filter/field-sql.js';
import { oldFilterTree } from '../filter/old-filter.js';
import type { RunFilters } from '../filter/run-filters.js';
import type { Run } from '../run.entity.js';
import { checkRunFilter } from '../run-filter.validation.js';
import type { RunListArgs } from '../runs.inputs.js';
import type { RunsService } from '../runs.service.js';
import { cursorOf, positionOf } from './positions.js';
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

  /** A page of all runs. @throws BAD_USER_INPUT for a filter or an order that no run could be meant by */
  async page(args: RunListArgs): Promise<Connection<Run>> {
    const list = await this.list(args);
    const page = await this.deps.repository.page(list);
    const [connection] = await this.connections(args, list, [page]);
    return connection!;
  }

  /** A page of the runs of a study. Batched: a few statements read those of many studies. */
  async pageOfStudy(context: Context, studyId: string, args: RunListArgs): Promise<Connection<Run>> {
    const loader = context.loaders.of<Connection<Run>>(`runs of studies ${JSON.stringify(args)}`, async (studyIds) => {
      const list = await this.list({ ...args, filter: args.filter && { ...args.filter, studyId: null } });
      return this.connections(args, list, await this.deps.repository.pages(list, studyIds));
    });
    return (await loader.load(studyId))!;
  }

  private async list({ filter, where, query, first, after, ...sorting }: RunListArgs): Promise<RunList> {
    checkPageSize(first);
    if (filter) await checkRunFilter(filter, this.deps.datasets);
    const sort = await sortOf(sorting, this.deps.names);
    const condition = await this.deps.filters.condition({ where, query }, filter ? oldFilterTree(filter) : null);
    const columns = sortColumns(sort.keys, new FieldSql(new Parameters('sort'), sort.classes, 'JOINS'));
    const position = after ? positionOf(after, orderName(sort), columns) : null;
    return { condition, sort, after: position, limit: first + 1 };
  }

  private async connections(
    { first }: RunListArgs,
    { sort }: RunList,
    pages: readonly IdPage[],
  ): Promise<Connection<Run>[]> {
    const order = orderName(sort);
    const ids = pages.flatMap(({ rows }) => rows.slice(0, first).map(({ id }) => id));
    const runs = new Map((await this.deps.runs.byIds(ids)).flatMap((run) => (run ? [[run.id, run]] : [])));
    return pages.map(({ rows, total }) => {
      // A run that was deleted in the meantime is left out. The row beyond the page only shows that there are more.
      const found = rows.flatMap((row, index) => {
        const node = runs.get(row.id);
        return node || index === first ? [{ node: node!, cursor: cursorOf(order, row) }] : [];
      });
      return toConnection(found, first, total);
    });
  }
}
