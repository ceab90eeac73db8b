import { Core0001 } from './0001-core.js';
import { Results0002 } from './0002-results.js';
import { Alarms0003 } from './0003-alarms.js';
import { Splits0004 } from './0004-splits.js';
import { UnlabelledImages0005 } from './0005-unlabelled-images.js';
import { PseudoLabelScores0006 } from './0006-pseudo-label-scores.js';
import { People0007 } from './0007-people.js';
import { Trust0008 } from './0008-trust.js';
import { RunnerInstances0010 } from './0010-runner-instances.js';
import { Uploads0011 } from './0011-uploads.js';
import { Endings0012 } from './0012-endings.js';
import { Fleet0013 } from './0013-fleet.js';
import { DatasetWarnings0014 } from './0014-dataset-warnings.js';
import { Placements0015 } from './0015-placements.js';
import { AlarmsEnd0016 } from './0016-alarms-end.js';
import { RunScores0017 } from './0017-run-scores.js';
import { PointsInBlocks0018 } from './0018-points-in-blocks.js';
import { Changes0019 } from './0019-changes.js';
import { PointTimes0020 } from './0020-point-times.js';
import { PeaksOfBlocks0021 } from './0021-peaks-of-blocks.js';
import { PhasesAndImages0022 } from './0022-phases-and-images.js';
import { Filters0023 } from './0023-filters.js';
import { AlarmNumbers0024 } from './0024-alarm-numbers.js';
import { Asking0025 } from './0025-asking.js';
import { Editing0026 } from './0026-editing.js';
import { StudiesAndCode0027 } from './0027-studies-and-code.js';
import { RunningSummaries0028 } from './0028-running-summaries.js';
import { ReadableConfigs0029 } from './0029-readable-configs.js';
import { ClassCounts0030 } from './0030-class-counts.js';
import { Origins0031 } from './0031-origins.js';
import { LabelReviews0032 } from './0032-label-reviews.js';

/** In the order in which they are applied. */
export const migrations = [
  Core0001,
  Results0002,
  Alarms0003,
  Splits0004,
  UnlabelledImages0005,
  PseudoLabelScores0006,
  People0007,
  Trust0008,
  RunnerInstances0010,
  Uploads0011,
  Endings0012,
  Fleet0013,
  DatasetWarnings0014,
  Placements0015,
  AlarmsEnd0016,
  RunScores0017,
  PointsInBlocks0018,
  Changes0019,
  PointTimes0020,
  PeaksOfBlocks0021,
  PhasesAndImages0022,
  Filters0023,
  AlarmNumbers0024,
  Asking0025,
  Editing0026,
  StudiesAndCode0027,
  RunningSummaries0028,
  ReadableConfigs0029,
  ClassCounts0030,
  Origins0031,
  LabelReviews0032,
];
