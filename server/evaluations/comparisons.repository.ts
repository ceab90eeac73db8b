import type { DataSource } from 'typeorm';
import { isId } from '../graphql/ids.js';
import { Run } from '../runs/run.entity.js';

/** Reads the runs to compare. */
export class ComparisonsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Ids that are not UUIDs are left out, like those of runs that do not exist. */
  runs(ids: readonly string[]): Promise<Run[]> {
    return this.dataSource
      .createQueryBuilder(Run, 'run')
      .where('run.id = ANY(:ids)', { ids: ids.filter(isId) })
      .getMany();
  }
}
