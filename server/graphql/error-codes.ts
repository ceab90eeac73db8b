/** The codes of errors that are meant for the client, with the status of an answer over HTTP. They never change. */
export const HTTP_STATUS = {
  /** The request has the wrong form: not JSON, no query, a batch, a subscription over HTTP. */
  BAD_REQUEST: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  /** The document has no operation of the requested name. */
  OPERATION_RESOLUTION_FAILURE: 400,
  /** The request has a hash in place of a text, and the server knows no text of this hash. Apollo's clients know the code. */
  PERSISTED_QUERY_NOT_FOUND: 400,
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  /** Only over HTTP: another version of tus. */
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  /** Only over HTTP: another server receives the upload. */
  LOCKED: 423,
  TOO_MANY_REQUESTS: 429,
  /** Only over HTTP: the bytes of an upload are not those of its hash. The status is that of tus. */
  CHECKSUM_MISMATCH: 460,
  SERVICE_UNAVAILABLE: 503,
  /** A statement ran longer than STATEMENT_SECONDS. */
  TIMEOUT: 503,
} as const;

export type ErrorCode = keyof typeof HTTP_STATUS;
