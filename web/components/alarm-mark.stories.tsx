import type { Stories } from '../stories/stories.js';
import { AlarmMark } from './alarm-mark.js';

const alarm = (id: string, overStep: number | null) => ({
  __typename: 'Alarm' as const,
  id,
  step: 10,
  overStep,
  kind: 'TAKEOVER' as const,
});

export const stories: Stories = {
  none: () => <AlarmMark alarms={[]} />,
  active: () => <AlarmMark alarms={[alarm('1', null)]} />,
  'some over': () => <AlarmMark alarms={[alarm('1', null), alarm('2', 20)]} />,
  over: () => <AlarmMark alarms={[alarm('1', 20)]} />,
};
