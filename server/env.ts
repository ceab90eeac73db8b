import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';

const seconds = z.coerce.number().gt(0).max(86_400);
const token = z.string().regex(/^[\x21-\x7e]{16,}$/, 'a token has at least 16 characters, none of them a space');

/** An empty variable counts as unset: that is how docker-compose passes one that nobody gave. */
const blankAsUnset = (value: unknown) => (value === '' ? undefined : value);

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATA_DIR: z.string().default('.crosscheck'),
  AUTH: z.enum(['on', 'off']).optional(),
  CROSSCHECK_USER_TOKEN: token.optional(),
  CROSSCHECK_REGISTRATION_TOKEN: token.optional(),
  LEASE_SECONDS: seconds.default(60),
  HEARTBEAT_SECONDS: seconds.default(15),
  SWEEP_SECONDS: seconds.default(5),
  POLL_SECONDS: seconds.default(10),
  MAX_LOST_ATTEMPTS: z.coerce.number().int().min(1).max(1000).default(10),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** The server's settings; durations are in seconds. */
export interface Env {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** null starts the embedded Postgres below `dataDir`. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** Whether people need a token; runners always do. */
  authRequired: boolean;
  userToken: string | null;
  registrationToken: string | null;
  leaseSeconds: number;
  heartbeatSeconds: number;
  sweepSeconds: number;
  pollSeconds: number;
  /** A run that lost so many attempts in a row, without a new checkpoint between, fails instead of being queued again. */
  maxLostAttempts: number;
  logLevel: z.output<typeof schema>['LOG_LEVEL'];
}

export class EnvError extends Error {}

/** Reads the settings; throws an EnvError of one line that names the variable. */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, blankAsUnset(variables[name])]));
  const result = schema.safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const name = String(issue.path[0]);
    const shown = /TOKEN|URL/.test(name) ? 'its value' : JSON.stringify(given[name]);
    throw new EnvError(`${name}: ${shown} is not valid: ${issue.message}`);
  }
  const env = result.data;
  if (env.HEARTBEAT_SECONDS >= env.LEASE_SECONDS) {
    throw new EnvError(
      `HEARTBEAT_SECONDS: ${env.HEARTBEAT_SECONDS} must be less than LEASE_SECONDS (${env.LEASE_SECONDS}), or every lease expires`,
    );
  }
  return {
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: resolve(env.DATA_DIR),
    authRequired: (env.AUTH ?? (isLoopback(env.HOST) ? 'off' : 'on')) === 'on',
    userToken: env.CROSSCHECK_USER_TOKEN ?? null,
    registrationToken: env.CROSSCHECK_REGISTRATION_TOKEN ?? null,
    leaseSeconds: env.LEASE_SECONDS,
    heartbeatSeconds: env.HEARTBEAT_SECONDS,
    sweepSeconds: env.SWEEP_SECONDS,
    pollSeconds: env.POLL_SECONDS,
    maxLostAttempts: env.MAX_LOST_ATTEMPTS,
    logLevel: env.LOG_LEVEL,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
