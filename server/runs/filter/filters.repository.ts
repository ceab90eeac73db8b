import type { DataSource } from 'typeorm';
import type { ClassPlaces } from './field-sql.js';

/** The names that filters may use. */
export class FiltersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** All classes of all datasets, and where each dataset has them. */
  async classes(): Promise<ClassPlaces> {
    const rows = await this.dataSource.query<{ name: string; places: Record<string, number> }[]>(
      `/* classPlaces */ SELECT class ->> 'name' AS name, jsonb_object_agg(dataset.id, place - 1) AS places
       FROM datasets dataset CROSS JOIN LATERAL jsonb_array_elements(dataset.classes) WITH ORDINALITY AS of (class, place)
       GROUP BY 1`,
    );
    return new Map(rows.map(({ name, places }) => [name, places]));
  }

  /** The names of all datasets. */
  async datasets(): Promise<string[]> {
    const rows = await this.dataSource.query<{ name: string }[]>(
      '/* datasetNames */ SELECT name FROM datasets ORDER BY name',
    );
    return rows.map(({ name }) => name);
  }

  /** The names of all series. */
  async series(): Promise<string[]> {
    // Skips from one name to the next in the index, because all runs share a few names.
    const rows = await this.dataSource.query<{ name: string }[]>(
      `/* seriesNames */ WITH RECURSIVE names AS (
         (SELECT name FROM series ORDER BY name LIMIT 1)
         UNION ALL
         SELECT (SELECT name FROM series WHERE name > names.name ORDER BY name LIMIT 1) FROM names WHERE name IS NOT NULL)
       SELECT name FROM names WHERE name IS NOT NULL`,
    );
    return rows.map(({ name }) => name);
  }
}
