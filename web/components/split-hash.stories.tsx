import type { Stories } from '../stories/stories.js';
import { SplitHash } from './split-hash.js';

export const stories: Stories = {
  drawn: () => <SplitHash hash={'0123456789abcdef'.repeat(4)} />,
  'not drawn': () => <SplitHash hash={null} />,
};
