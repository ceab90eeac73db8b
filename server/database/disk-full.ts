/** SQLSTATE: disk_full, and io_error. The transaction was rolled back, so nothing is half written. */
const POSTGRES = ['53100', '58030'];
/** Of this process itself, by Node's codes. */
const NODE = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'];
const CODES = new Set([...POSTGRES, ...NODE]);

/** The message for clients. Nothing is wrong with the request, and it can be sent again once there is room. */
export const DISK_FULL =
  "the server's disk is full or broken: nothing was stored; reading still works; free some space on it and try again";

/** Whether a request failed because the disk of Postgres, or of this server, takes no more. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && CODES.has(String((error as NodeJS.ErrnoException).code));
}
