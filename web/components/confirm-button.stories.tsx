import type { Stories } from '../stories/stories.js';
import { ConfirmButton } from './confirm-button.js';

const action = async () => undefined;

export const stories: Stories = {
  usual: () => <ConfirmButton label="Drain" question="It finishes its runs." action={action} />,
  dangerous: () => <ConfirmButton label="Delete" question="This deletes the run." dangerous action={action} />,
};
