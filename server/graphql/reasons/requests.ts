import { DISK_FULL } from '../../database/disk-full.js';
import { STATEMENT_TOO_SLOW } from '../../database/statement-timeout.js';
import { DATABASE_AWAY } from '../../database/unreachable.js';
import type { Reasons } from './reason.js';

const SMALLER = 'pass values as variables, or split it into several requests';
const SEND_TOKEN = 'send "Authorization: Bearer <token>"';

/** What is wrong with a request, before anything in it is executed, and what the server cannot do at the moment. */
export const REQUEST_REASONS = {
  NO_QUERY: ['BAD_REQUEST', 'the request has no query: send {"query": "{ server { version } }"} as JSON'],
  OPERATION_NAME_INVALID: ['BAD_REQUEST', 'operationName must be a string'],
  VARIABLES_INVALID: ['BAD_REQUEST', 'variables must be an object, such as {"id": "…"}'],
  METHOD_NOT_SUPPORTED: ['BAD_REQUEST', '%{method} is not supported; send the query with POST, or with GET'],
  NOT_UTF8: ['BAD_REQUEST', 'the request body must be UTF-8; its charset is %{"charset"}'],
  NOT_JSON: ['BAD_REQUEST', 'the %{part} is not valid JSON: %{error}'],
  NOT_AN_OBJECT: [
    'BAD_REQUEST',
    'the request body must be a JSON object, with Content-Type: application/json; its Content-Type is %{contentType}',
  ],
  BATCH: ['BAD_REQUEST', 'the request body is a list; send one operation per request'],
  SUBSCRIPTION_OVER_HTTP: [
    'BAD_REQUEST',
    'subscriptions are not served over HTTP: open a WebSocket at the same address (graphql-transport-ws)',
  ],
  REQUEST_REJECTED: ['BAD_REQUEST', 'the request was rejected: %{error}'],
  MEDIA_TYPE_NOT_SUPPORTED: ['UNSUPPORTED_MEDIA_TYPE', 'the request was rejected: %{error}'],
  CONTENT_TYPE_WRONG: ['UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be %{types}; got %{"contentType"}'],
  BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'the request body is larger than %{bytes} bytes'],
  JSON_TOO_DEEP: ['PAYLOAD_TOO_LARGE', 'the %{part} is nested more than %{most} levels deep'],
  JSON_TOO_LONG: ['PAYLOAD_TOO_LARGE', 'the %{part} has more than %{most} values'],
  BODY_TOO_SLOW: ['REQUEST_TIMEOUT', 'the request body did not arrive in time'],

  SYNTAX_ERROR: ['GRAPHQL_PARSE_FAILED', '%{error}'],
  QUERY_TOO_LONG: [
    'GRAPHQL_PARSE_FAILED',
    `the query has %{characters} characters; at most %{most} are allowed; ${SMALLER}`,
  ],
  QUERY_TOO_MANY_WORDS: ['GRAPHQL_PARSE_FAILED', `the query has more than %{most} words and symbols; ${SMALLER}`],
  QUERY_TOO_DEEP: ['GRAPHQL_PARSE_FAILED', `the query is nested more than %{most} levels deep; ${SMALLER}`],
  DOCUMENT_INVALID: ['GRAPHQL_VALIDATION_FAILED', '%{error}'],
  FIELDS_REPEATED: [
    'GRAPHQL_VALIDATION_FAILED',
    'the query selects the same fields too often to be validated; select each field once',
  ],
  OPERATION_TOO_LARGE: ['GRAPHQL_VALIDATION_FAILED', "the operation's %{what} is %{value}; at most %{most} is allowed"],
  NO_OPERATION: ['OPERATION_RESOLUTION_FAILURE', 'the query has no operation'],
  OPERATION_NAME_MISSING: [
    'OPERATION_RESOLUTION_FAILURE',
    'operationName must name one of the operations of the query (%{"names"}); there is none',
  ],
  OPERATION_UNKNOWN: [
    'OPERATION_RESOLUTION_FAILURE',
    'operationName must name one of the operations of the query (%{"names"}); got %{"name"}',
  ],
  DOCUMENT_UNKNOWN: [
    'PERSISTED_QUERY_NOT_FOUND',
    'the server has no document with the SHA-256 %{"hash"}: it only has those of its own dashboard; send the ' +
      'text of the document as "query"',
  ],
  SCHEMA_NEEDS_TOKEN: ['UNAUTHENTICATED', `reading the schema needs a token: ${SEND_TOKEN}`],

  TOO_MANY_REQUESTS: [
    'TOO_MANY_REQUESTS',
    '%{most} requests of this token or address are already in progress; wait for their answers',
  ],
  TOO_MANY_OPERATIONS: ['TOO_MANY_REQUESTS', 'a socket may have at most %{most} operations open at a time'],
  TOO_MANY_EXPORTS: ['TOO_MANY_REQUESTS', '%{most} exports are already in progress; try again later'],
  TOO_MANY_UNKNOWN_TOKENS: [
    'TOO_MANY_REQUESTS',
    'too many unknown tokens came from %{address}: try again in %{seconds} s; tokens that are in use there still work',
  ],
  TOO_MANY_BYTES_WAITING: [
    'TOO_MANY_REQUESTS',
    'this runner has announced %{waiting} bytes that no report has named yet, and wants to send %{bytes} more; ' +
      'at most %{most} are allowed (UPLOADS_MAX_BYTES on the server)',
  ],
  TOO_MANY_UPLOADS_WAITING: [
    'TOO_MANY_REQUESTS',
    'this runner has announced %{most} blobs that no report has named yet, and more are not allowed ' +
      '(UPLOADS_MAX_COUNT on the server): report the ones that were sent before announcing others',
  ],
  TUS_VERSION_WRONG: [
    'PRECONDITION_FAILED',
    'uploads follow tus %{version}: send the header Tus-Resumable: %{version}',
  ],
  BLOB_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'a blob may have at most %{most} bytes'],
  UPLOAD_LOCKED: ['LOCKED', 'another request is sending upload "%{id}"; try again'],
  UPLOAD_HASH_WRONG: ['CHECKSUM_MISMATCH', 'the bytes sent for blob %{sha256} have the SHA-256 %{received}'],
  DATABASE_UNAVAILABLE: ['SERVICE_UNAVAILABLE', DATABASE_AWAY],
  DISK_FULL: ['SERVICE_UNAVAILABLE', DISK_FULL],
  SHUTTING_DOWN: ['SERVICE_UNAVAILABLE', 'the server is shutting down'],
  STATEMENT_TOO_SLOW: ['TIMEOUT', STATEMENT_TOO_SLOW],
} as const satisfies Reasons;
