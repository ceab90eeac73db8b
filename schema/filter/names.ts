import { alarmKind } from '../alarms-config.js';

/** Names that filters use, as they are stored. A test holds them to the server's. */
export const NETWORKS = ['BRANCH1', 'BRANCH2', 'ENSEMBLE'];
export const SUBSETS = ['TRAIN', 'VAL', 'TEST'];
export const ALARM_KINDS: readonly string[] = alarmKind.options;
