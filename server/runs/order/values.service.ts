import type { Context } from '../../context.js';
import { checkEntries } from '../../graphql/checks.js';
import type { FieldNames } from '../filter/field-names.js';
import type { FieldValue } from '../filter/field-value.js';
import type { ValuesRepository } from './values.repository.js';

const MOST_FIELDS = 100;

/** The columns of a table of runs. */
export class RunValues {
  constructor(
    private readonly deps: {
      repository: ValuesRepository;
      names: FieldNames;
    },
  ) {}

  /**
   * The values of fields of a run, in the order of `fields`. Batched: a few statements read those of many runs.
   * @throws BAD_USER_INPUT for a field that no run could have
   */
  async of({ loaders, budget }: Context, runId: string, fields: readonly string[]): Promise<FieldValue[]> {
    checkEntries('fields', fields, MOST_FIELDS);
    const loader = loaders.of<FieldValue[]>(`values of runs ${JSON.stringify(fields)}`, (ids) =>
      budget.inTurn(async () => {
        budget.spend(ids.length * fields.length);
        const known = await this.deps.names.fields('fields', fields);
        const values = await this.deps.repository.of(ids, known);
        return ids.map((id) => values.get(id) ?? null);
      }),
    );
    // Null only if the run was deleted between two reads of one request.
    return (await loader.load(runId)) ?? fields.map(() => null);
  }
}
