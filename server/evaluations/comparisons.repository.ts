import { type DataSource, In } from 'typeorm';
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

  /** Up to `limit` runs of these studies, by number. */
  runsOfStudies(studyIds: readonly string[], limit: number): Promise<Run[]> {
    return this.dataSource
      .getRepository(Run)
      .find({ where: { studyId: In([...studyIds]) }, order: { number: 'ASC' }, take: limit });
  }
}
