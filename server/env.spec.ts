import { describe, expect, it } from 'vitest';
import { readEnv } from './env.js';

describe('the settings', () => {
  it('have defaults for a single machine', () => {
    expect(readEnv({ DATABASE_URL: '' })).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: null,
      authRequired: false,
      leaseSeconds: 60,
    });
  });

  it('require tokens if other machines can reach the server', () => {
    expect(readEnv({ HOST: '0.0.0.0' }).authRequired).toBe(true);
    expect(readEnv({ HOST: '127.9.9.9' }).authRequired).toBe(false);
    expect(readEnv({ HOST: '127.example.org' }).authRequired).toBe(true);
    expect(readEnv({ HOST: '0.0.0.0', AUTH: 'off' }).authRequired).toBe(false);
    expect(readEnv({ AUTH: 'on' }).authRequired).toBe(true);
  });

  it.each([
    [{ PORT: '70000' }, /^PORT: "70000"/],
    [{ PORT: 'http' }, /^PORT: "http"/],
    [{ DATABASE_URL: 'mysql://secret@x' }, /^DATABASE_URL: its value is not valid/],
    [{ AUTH: 'maybe' }, /^AUTH: "maybe"/],
    [{ LEASE_SECONDS: '0' }, /^LEASE_SECONDS/],
    [{ HEARTBEAT_SECONDS: '60' }, /^HEARTBEAT_SECONDS: 60 must be less/],
    [{ CROSSCHECK_USER_TOKEN: 'short' }, /^CROSSCHECK_USER_TOKEN: its value.*16 characters/],
    [{ CROSSCHECK_USER_TOKEN: 'long enough but with spaces' }, /at least 16 characters and no spaces/],
  ])('that are invalid are named in one line, without secrets: %j', (variables, message) => {
    expect(() => readEnv(variables)).toThrow(message);
    expect(() => readEnv(variables)).not.toThrow(/secret@|\n/);
  });
});
