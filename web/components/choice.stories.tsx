import { useState } from 'react';
import type { Stories } from '../stories/stories.js';
import { Choice } from './choice.js';

const OPTIONS = [
  ['a', 'Newest'],
  ['b', 'Best mIoU'],
] as const;

function Example() {
  const [value, setValue] = useState<'a' | 'b'>('a');
  return <Choice label="Evaluation" value={value} onChange={setValue} options={OPTIONS} />;
}

export const stories: Stories = {
  'one of two': Example,
  'of one': () => <Choice label="Network" value="a" onChange={() => {}} options={[['a', 'Network 1']]} />,
};
