import type { Stories } from '../stories/stories.js';
import { Swatch } from './swatch.js';

export const stories: Stories = {
  colour: () => <Swatch color="#c04040" />,
  black: () => <Swatch color="#000000" />,
  white: () => <Swatch color="#ffffff" />,
};
