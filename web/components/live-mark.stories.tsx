import type { Stories } from '../stories/stories.js';
import { LiveMark } from './live-mark.js';

export const stories: Stories = { connecting: () => <LiveMark /> };
