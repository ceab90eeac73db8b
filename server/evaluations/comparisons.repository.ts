import type { DataSource } from 'typeorm';
import { isId } from '../graphql/ids.js';
import { Run } from '../runs/run.entity.js';

/** The runs that comparisons are made of. */
export class ComparisonsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Ids that are no uuid are simply not found. */
  runs(ids: readonly string[]): Promise<Run[]> {
    return this.dataSource
      .createQueryBuilder(Run, 'run')
      .where('run.id = ANY(:ids)', { ids: ids.filter(isId) })
      .getMany();
  }

  runsOfStudy(studyId: string): Promise<Run[]> {
    return this.dataSource.getRepository(Run).find({ where: { studyId }, order: { number: 'ASC' } });
  }
}
