import type { Stories } from '../stories/stories.js';
import { Field } from './field.js';

const PROBLEMS = [{ field: 'seed', message: 'must be at least 0; got -1' }];

export const stories: Stories = {
  empty: () => (
    <Field label="Name" paths={[]} problems={[]}>
      {(attributes) => <input {...attributes} />}
    </Field>
  ),
  'with a hint': () => (
    <Field label="Seeds" hint="“0-2, 7” means 0, 1, 2 and 7." paths={[]} problems={[]}>
      {(attributes) => <input {...attributes} defaultValue="0-2" />}
    </Field>
  ),
  invalid: () => (
    <Field label="Seed" paths={['seed']} problems={PROBLEMS}>
      {(attributes) => <input {...attributes} defaultValue="-1" />}
    </Field>
  ),
};
