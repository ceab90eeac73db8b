import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isTrustList, parseTrust, type TrustedProxies } from './trusted-proxies.js';

const seconds = (byDefault: number, description: string) =>
  z.coerce.number().gt(0).max(86_400).default(byDefault).meta({ description, unit: 'seconds' });

const bytes = (byDefault: number, description: string) =>
  z.coerce
    .number()
    .int()
    .min(1024 ** 2)
    .max(1024 ** 5)
    .default(byDefault)
    .meta({ description, unit: 'bytes' });

const token = (description: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'a token must have at least 16 characters and no spaces')
    .optional()
    .meta({ description, allowed: 'at least 16 characters without spaces' });

const count = (byDefault: number, description: string) =>
  z.coerce.number().int().min(1).max(100_000).default(byDefault).meta({ description });

/** An empty variable counts as unset, because Docker Compose passes an unset variable as an empty one. */
const blankAsUnset = (value: unknown) => (value === '' ? undefined : value);

/** Every variable that the server reads. `--help` and docs/settings.md are generated from it: run `npm run settings`. */
export const envSchema = z.object({
  HOST: z.string().default('127.0.0.1').meta({
    description:
      'Address to listen on. With 127.0.0.1, only this machine can reach the server. With 0.0.0.0, it listens on every network interface, and people need tokens.',
    allowed: 'an IP address or a host name',
  }),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000).meta({
    description: 'Port to listen on. 0 lets the system choose a free one.',
  }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({
      description: 'The PostgreSQL database to use. Without it, the server runs its own PostgreSQL in DATA_DIR.',
      allowed: 'postgres://user:password@host:port/database',
    }),
  DATA_DIR: z.string().default('.crosscheck').meta({
    description:
      "Folder of the server's own PostgreSQL. A relative path is relative to the folder that the server is started in.",
    allowed: 'a path',
  }),
  AUTH: z
    .enum(['on', 'off'])
    .optional()
    .meta({
      description:
        'Whether people need a token; runners always need one. By default, off if HOST is a loopback address, otherwise on. ' +
        'With off, the server only answers requests whose Host header is localhost or HOST, and none that a proxy forwards.',
    }),
  TRUST_PROXY: z
    .string()
    .refine(isTrustList, 'expected a number of proxies, or their addresses, separated by commas')
    .optional()
    .meta({
      description:
        'The reverse proxies in front of the server, which then takes the address of the client and the scheme from X-Forwarded-For and X-Forwarded-Proto. A number says how many proxies each request passes. It is safe only if nobody can reach the server without passing them, and it expects the proxies to have private addresses. Requires tokens.',
      allowed: 'a number from 0 to 10, or addresses, networks (10.0.0.0/8), `loopback`, `linklocal`, `uniquelocal`',
    }),
  CROSSCHECK_USER_TOKEN: token(
    'A user token that the server accepts as soon as it starts. The command line reads its token from the same variable.',
  ),
  CROSSCHECK_REGISTRATION_TOKEN: token('A token that runners can register with as soon as the server starts.'),
  LEASE_SECONDS: seconds(60, 'How long a run stays with a silent runner before it is queued again.'),
  HEARTBEAT_SECONDS: seconds(15, 'How often a runner reports that it is alive. Must be less than LEASE_SECONDS.'),
  SWEEP_SECONDS: seconds(5, 'How often the server looks for expired leases.'),
  POLL_SECONDS: seconds(
    10,
    'How often an idle runner asks for a run, in case it missed the notification of a queued one.',
  ),
  MAX_LOST_ATTEMPTS: z.coerce.number().int().min(1).max(1000).default(10).meta({
    description: 'How many attempts of a run may be lost in a row, without a new checkpoint, before the run fails.',
  }),
  STATEMENT_SECONDS: seconds(
    30,
    'How long one statement in the database may take before it is canceled. Migrations and deletions have no limit.',
  ),
  SHUTDOWN_SECONDS: seconds(
    10,
    'How long requests in progress may take when the server stops. Then their connections are cut.',
  ),
  REQUESTS_PER_TOKEN: count(
    64,
    'How many requests of one token may be in progress at a time. Requests without a token, or with one that the server has not accepted before, count for their address. Further ones are answered with 429.',
  ),
  CONNECTIONS_PER_ADDRESS: count(
    512,
    'How many connections one address may have open at a time. Connections from trusted proxies are not counted. If TRUST_PROXY is a number, those from private addresses are not counted. In every limit per address, a /64 network of IPv6 counts as one address.',
  ),
  SOCKETS_PER_ADDRESS: count(
    256,
    'How many WebSockets one address may have open at a time. Every runner and every open page of the dashboard has one.',
  ),
  SUBSCRIPTIONS_PER_SOCKET: count(100, 'How many operations may be open on one WebSocket at a time.'),
  AUDIT_DAYS: z.coerce.number().int().min(1).max(36_500).default(365).meta({
    description: 'How long the audit log is kept.',
    unit: 'days',
  }),
  AUTH_FAILURES_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(30).meta({
    description:
      'How many unknown tokens one address may send per minute. Then, tokens that this server has not accepted before are refused unread. Tokens in use are not affected.',
  }),
  BLOB_MAX_BYTES: bytes(8 * 1024 ** 3, 'Largest image or checkpoint that a runner may upload.'),
  UPLOADS_MAX_BYTES: bytes(
    16 * 1024 ** 3,
    'How much a runner may upload before its reports name it. Must not be less than BLOB_MAX_BYTES.',
  ),
  UPLOADS_MAX_COUNT: count(
    100_000,
    'How many blobs a runner may announce before its reports name them. A report of our agent names at most 1,312 per run.',
  ),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').meta({
    description: 'The lowest level of messages that are logged.',
  }),
});

/** The server's settings; durations are in seconds. */
export interface Env {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** null means the embedded Postgres, with its data in `dataDir`. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** Whether people need a token; runners always do. */
  authRequired: boolean;
  /** How many proxies, or which ones, may say on whose behalf they send a request. */
  trustProxy: TrustedProxies;
  userToken: string | null;
  registrationToken: string | null;
  leaseSeconds: number;
  heartbeatSeconds: number;
  sweepSeconds: number;
  pollSeconds: number;
  /** A run fails after this many lost attempts in a row without a new checkpoint. */
  maxLostAttempts: number;
  statementSeconds: number;
  /** How long requests in progress may take when the server stops. */
  shutdownSeconds: number;
  requestsPerToken: number;
  connectionsPerAddress: number;
  socketsPerAddress: number;
  subscriptionsPerSocket: number;
  /** How long entries of the audit log are kept. */
  auditDays: number;
  /** How many unknown tokens one address may send per minute. */
  authFailuresPerMinute: number;
  /** Of one blob. */
  blobMaxBytes: number;
  /** Of one runner, in uploads that no report has named yet. */
  uploadsMaxBytes: number;
  /** Of one runner, that no report has named yet. */
  uploadsMaxCount: number;
  logLevel: z.output<typeof envSchema>['LOG_LEVEL'];
}

export class EnvError extends Error {}

/** Reads the settings. @throws EnvError with a one-line message that names the variable */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.keys(envSchema.shape).map((name) => [name, blankAsUnset(variables[name])]));
  const result = envSchema.safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const name = String(issue.path[0]);
    const shown = /TOKEN|URL/.test(name) ? 'its value' : JSON.stringify(given[name]);
    throw new EnvError(`${name}: ${shown} is not valid: ${issue.message}`);
  }
  const env = result.data;
  if (env.HEARTBEAT_SECONDS >= env.LEASE_SECONDS) {
    throw new EnvError(
      `HEARTBEAT_SECONDS: ${env.HEARTBEAT_SECONDS} must be less than LEASE_SECONDS (${env.LEASE_SECONDS}); otherwise, every lease expires`,
    );
  }
  const authRequired = (env.AUTH ?? (isLoopback(env.HOST) ? 'off' : 'on')) === 'on';
  const trustProxy = parseTrust(env.TRUST_PROXY ?? '0');
  if (trustProxy !== 0 && !authRequired) {
    throw new EnvError('TRUST_PROXY: the server requires no tokens, so it answers no proxy; set AUTH=on');
  }
  if (env.CROSSCHECK_USER_TOKEN && env.CROSSCHECK_USER_TOKEN === env.CROSSCHECK_REGISTRATION_TOKEN) {
    throw new EnvError(
      'CROSSCHECK_REGISTRATION_TOKEN: its value must differ from CROSSCHECK_USER_TOKEN; otherwise, every runner could act as an admin',
    );
  }
  if (env.UPLOADS_MAX_BYTES < env.BLOB_MAX_BYTES) {
    throw new EnvError(
      `UPLOADS_MAX_BYTES: ${env.UPLOADS_MAX_BYTES} must not be less than BLOB_MAX_BYTES (${env.BLOB_MAX_BYTES}); otherwise, the largest blobs cannot be uploaded`,
    );
  }
  return {
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: resolve(env.DATA_DIR),
    authRequired,
    trustProxy,
    userToken: env.CROSSCHECK_USER_TOKEN ?? null,
    registrationToken: env.CROSSCHECK_REGISTRATION_TOKEN ?? null,
    leaseSeconds: env.LEASE_SECONDS,
    heartbeatSeconds: env.HEARTBEAT_SECONDS,
    sweepSeconds: env.SWEEP_SECONDS,
    pollSeconds: env.POLL_SECONDS,
    maxLostAttempts: env.MAX_LOST_ATTEMPTS,
    statementSeconds: env.STATEMENT_SECONDS,
    shutdownSeconds: env.SHUTDOWN_SECONDS,
    requestsPerToken: env.REQUESTS_PER_TOKEN,
    connectionsPerAddress: env.CONNECTIONS_PER_ADDRESS,
    socketsPerAddress: env.SOCKETS_PER_ADDRESS,
    subscriptionsPerSocket: env.SUBSCRIPTIONS_PER_SOCKET,
    auditDays: env.AUDIT_DAYS,
    authFailuresPerMinute: env.AUTH_FAILURES_PER_MINUTE,
    blobMaxBytes: env.BLOB_MAX_BYTES,
    uploadsMaxBytes: env.UPLOADS_MAX_BYTES,
    uploadsMaxCount: env.UPLOADS_MAX_COUNT,
    logLevel: env.LOG_LEVEL,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
