import type { Stories } from '../stories/stories.js';
import { CopyBlock } from './copy-block.js';

export const stories: Stories = {
  short: () => <CopyBlock text="npm ci" />,
  'wider than the page': () => <CopyBlock text={'a long line '.repeat(60)} />,
};
