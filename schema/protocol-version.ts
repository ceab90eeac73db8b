/**
 * The version of the runner protocol (docs/runner-protocol.md) that this code speaks. It grows by one in each release that
 * changes what a runner and a server say to each other. A runner that announces none speaks version 1.
 */
export const PROTOCOL_VERSION = 6;

/** The oldest version that a server still serves. */
export const OLDEST_RUNNER_PROTOCOL = 1;

/** The oldest version of a server that a runner works with. */
export const OLDEST_SERVER_PROTOCOL = 2;

/** Since this version, runners report that an alarm is over. An older server refuses such a report. */
export const ALARM_ENDS_PROTOCOL = 3;

/** Since this version, runners say when each point was computed. An older server refuses such a report. */
export const POINT_TIMES_PROTOCOL = 4;

/** Since this version, runners report what they are doing with a run, and the confusion of each image. An older server refuses it. */
export const PHASES_AND_IMAGES_PROTOCOL = 4;

/** Since this version, runners send points as packed columns (`packedPoints`). An older server refuses such a report. */
export const PACKED_POINTS_PROTOCOL = 5;

/**
 * Since this version, runners report what their labels and crops hold, confidences, and class weights. An older server refuses
 * such a report.
 */
export const CLASS_COUNTS_PROTOCOL = 6;

/** Since this version, runners report which images to label next, and which labels may be wrong. An older server refuses such a report. */
export const REVIEWS_PROTOCOL = 6;
