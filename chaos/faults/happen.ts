import type { Fault } from './fault.js';
import { copiedHome, damagedHome, fullDisk, skewedClock } from './homes.js';
import type { FaultName } from './kinds.js';
import { cutLink, slowLink, stallLink } from './links.js';
import {
  freezeAgent,
  freezeChild,
  freezeServer,
  killAgent,
  killBackend,
  killChild,
  killPostmaster,
  killServer,
  stopAgent,
  stopServer,
} from './processes.js';
import { canceledRun } from './runs.js';

export const FAULTS: Record<FaultName, Fault> = {
  'kill-agent': killAgent,
  'kill-child': killChild,
  'kill-server': killServer,
  'kill-backend': killBackend,
  'kill-postmaster': killPostmaster,
  'stop-agent': stopAgent,
  'stop-server': stopServer,
  'cut-link': cutLink,
  'stall-link': stallLink,
  'slow-link': slowLink,
  'freeze-agent': freezeAgent,
  'freeze-child': freezeChild,
  'freeze-server': freezeServer,
  'full-disk': fullDisk,
  'damaged-home': damagedHome,
  'copied-home': copiedHome,
  'skewed-clock': skewedClock,
  'canceled-run': canceledRun,
};
