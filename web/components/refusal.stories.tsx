import { CombinedError } from 'urql';
import type { Stories } from '../stories/stories.js';
import { Refusal } from './refusal.js';

const withProblems = (count: number) =>
  new CombinedError({
    graphQLErrors: [
      {
        message: 'the configuration is not valid',
        extensions: {
          code: 'BAD_USER_INPUT',
          problems: Array.from({ length: count }, (_, index) => ({ field: `seeds.${index}`, message: 'too big' })),
        },
      },
    ],
  });

export const stories: Stories = {
  accepted: () => <Refusal error={undefined} />,
  'one invalid value': () => <Refusal error={withProblems(1)} />,
  'several invalid values': () => <Refusal error={withProblems(3)} />,
};
