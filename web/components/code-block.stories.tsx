import type { Stories } from '../stories/stories.js';
import { CodeBlock } from './code-block.js';

export const stories: Stories = {
  short: () => <CodeBlock text="npm ci" />,
  'wider than the page': () => <CodeBlock text={'a long line '.repeat(60)} />,
};
