import type { Stories } from '../stories/stories.js';
import { Progress } from './progress.js';

export const stories: Stories = {
  'not begun': () => <Progress step={0} iterations={2000} label="Progress of run 1" />,
  half: () => <Progress step={1000} iterations={2000} label="Progress of run 2" />,
  complete: () => <Progress step={2000} iterations={2000} label="Progress of run 3" />,
};
