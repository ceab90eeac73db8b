import { registerEnumType } from 'type-graphql';

/** Where a run comes from (docs/decisions/0017-where-a-run-comes-from.md). It never changes. */
export enum RunOrigin {
  TRAINED = 'TRAINED',
  LOGGED = 'LOGGED',
  IMPORTED = 'IMPORTED',
}

registerEnumType(RunOrigin, {
  name: 'RunOrigin',
  description: 'Where a run comes from. This version only has runs that are TRAINED. More values may follow.',
  valuesConfig: {
    TRAINED: { description: 'It was queued here, and a runner trains it.' },
    LOGGED: { description: 'A script trains it, and logs its results here.' },
    IMPORTED: { description: 'It was copied from another tracker.' },
  },
});
