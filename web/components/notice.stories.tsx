import { CombinedError } from 'urql';
import type { Stories } from '../stories/stories.js';
import { Empty, Failure, Loading } from './notice.js';

const unreachable = new CombinedError({ networkError: new TypeError('Failed to fetch') });
const refused = new CombinedError({
  graphQLErrors: [
    {
      message: 'run 7 is COMPLETED: only a QUEUED or RUNNING run can be canceled',
      extensions: { code: 'CONFLICT', reason: 'RUN_NOT_CANCELABLE', params: { number: 7, state: 'COMPLETED' } },
    },
  ],
});

export const stories: Stories = {
  loading: () => <Loading />,
  empty: () => <Empty title="No runs yet" />,
  'empty, with what to do': () => (
    <Empty title="No runs match these filters">
      <a href="/">Show all runs</a>
    </Empty>
  ),
  'the server is unavailable': () => <Failure error={unreachable} />,
  'an action that was not sent': () => <Failure error={unreachable} ofAction />,
  'an action that was refused': () => <Failure error={refused} ofAction />,
};
