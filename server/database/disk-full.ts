/** SQLSTATE: disk_full, and io_error. The transaction was rolled back, so nothing is half written. */
const CODES = ['53100', '58030'];

/** The message for clients. Nothing is wrong with the request, and it can be sent again once there is room. */
export const DISK_FULL =
  "the server's disk is full or broken: the request was not completed; reading still works; free some space and try again";

/** Whether a request failed because the disk of PostgreSQL takes no more. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && CODES.includes(String((error as { code?: unknown }).code));
}
