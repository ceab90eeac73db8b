import type { Reasons } from './reason.js';

const SEND_TOKEN = 'send "Authorization: Bearer <token>"';

/** Why a caller may not do something. */
export const ACCESS_REASONS = {
  AUTHORIZATION_INVALID: ['UNAUTHENTICATED', 'the Authorization header must have the form "Bearer <token>"'],
  TOKEN_UNKNOWN: ['UNAUTHENTICATED', 'the token is neither a valid user token nor the token of a registered runner'],
  REGISTRATION_TOKEN_INVALID: [
    'UNAUTHENTICATED',
    'the registration token is unknown, expired, revoked or used up; create a new one',
  ],
  TOKEN_REVOKED: ['UNAUTHENTICATED', 'this token of the account "%{account}" was revoked; ask for a new one'],
  TOKEN_EXPIRED: ['UNAUTHENTICATED', 'this token of the account "%{account}" has expired; ask for a new one'],
  OWN_ACCOUNT_DISABLED: ['UNAUTHENTICATED', 'the account "%{account}" is disabled; ask an admin to enable it'],
  USER_TOKEN_MISSING: ['UNAUTHENTICATED', `%{what} needs a user token: ${SEND_TOKEN}`],
  RUNNER_TOKEN_MISSING: ['UNAUTHENTICATED', `%{what} needs a runner token: ${SEND_TOKEN}`],
  TOKEN_MISSING: ['UNAUTHENTICATED', `%{what} needs a token: ${SEND_TOKEN}`],
  NEEDS_USER_TOKEN: ['FORBIDDEN', '%{what} needs a user token; this is a runner token'],
  NEEDS_RUNNER_TOKEN: ['FORBIDDEN', '%{what} needs a runner token; this is a user token'],
  NO_TOKEN_OF_RUNNER: ['FORBIDDEN', '%{what} needs a runner token; got no token'],
  OTHER_RUNNER: ['FORBIDDEN', '%{what} needs a user token to read another runner; this is a runner token'],
  NEEDS_ROLE: ['FORBIDDEN', '%{what} needs the role %{needed}; the account "%{account}" has the role %{role}'],
  TOKENS_OF_OTHERS: [
    'FORBIDDEN',
    "tokens needs the role ADMIN to list another account's tokens; leave out accountId for your own",
  ],
  TOKEN_FOR_OTHERS: [
    'FORBIDDEN',
    'createToken needs the role ADMIN for another account; leave out accountId for your own',
  ],
  ATTEMPT_OF_OTHERS: ['FORBIDDEN', 'attempt %{"attemptId"} does not belong to this runner, or its run was deleted'],
  ATTEMPT_NOT_HELD: ['FORBIDDEN', 'attempt %{"attemptId"} does not belong to this runner, or it has ended'],
  SAVED_FILTER_OF_OTHERS: [
    'FORBIDDEN',
    'the saved filter "%{name}" belongs to another account; save a copy of your own',
  ],
  CHECKPOINT_OF_OTHERS: [
    'FORBIDDEN',
    'a runner may read only the checkpoints of the runs that it is training; got %{sha256}',
  ],
  UPLOAD_WITHOUT_ATTEMPT: [
    'FORBIDDEN',
    'a runner can upload only while it has an attempt, and for 24 hours after its last one has ended',
  ],
  HOST_NOT_LOCAL: [
    'FORBIDDEN',
    'this server requires no tokens, so it only answers requests to localhost, but the Host header is %{"host"}; use ' +
      'http://localhost, or start the server with AUTH=on',
  ],
  HOST_MISSING: [
    'FORBIDDEN',
    'this server requires no tokens, so it only answers requests to localhost, but the request has no Host header; use ' +
      'http://localhost, or start the server with AUTH=on',
  ],
  FORWARDED: [
    'FORBIDDEN',
    'this server requires no tokens, so it does not answer requests that a proxy forwards, and this one has the ' +
      'header %{header}; start the server with AUTH=on, and set TRUST_PROXY',
  ],
  ORIGIN_FOREIGN: [
    'FORBIDDEN',
    'a page from %{origin} cannot open a socket to %{host}; open the dashboard that this server serves',
  ],
  HTTP_TOO_OLD: [
    'FORBIDDEN',
    'this server requires no tokens, so it does not answer requests that a proxy forwards, and this one uses ' +
      'HTTP/1.0; start the server with AUTH=on, and set TRUST_PROXY',
  ],
} as const satisfies Reasons;
