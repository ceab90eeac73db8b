import type { DataSource } from 'typeorm';
import type { EntityClass } from '../create-module.js';

export class NodesRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly entities: readonly EntityClass[],
  ) {}

  /** The entity of each id that is stored. An id is unique in the whole database: it is a random UUID. */
  async entitiesOf(ids: readonly string[]): Promise<Map<string, EntityClass>> {
    const searches = this.entities.map((entity, index) => {
      const { tableName } = this.dataSource.getMetadata(entity);
      return `SELECT ${index} AS entity, id FROM "${tableName}" WHERE id = ANY ($1::uuid[])`;
    });
    const sql = `/* entitiesOfIds */ ${searches.join(' UNION ALL ')}`;
    const rows = await this.dataSource.query<{ entity: number; id: string }[]>(sql, [ids]);
    return new Map(rows.map(({ entity, id }) => [id, this.entities[entity]!]));
  }
}
