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

  it('name the proxies to trust, by their number or by their addresses', () => {
    expect(readEnv({}).trustProxy).toBe(0);
    expect(readEnv({ AUTH: 'on', TRUST_PROXY: '2' }).trustProxy).toBe(2);
    const list = ['loopback', '10.0.0.0/8', 'fd00::1'];
    expect(readEnv({ AUTH: 'on', TRUST_PROXY: list.join(', ') }).trustProxy).toEqual(list);
  });

  it.each([
    [{ AUTH: 'on', TRUST_PROXY: '11' }, /^TRUST_PROXY: "11"/],
    [{ AUTH: 'on', TRUST_PROXY: 'true' }, /^TRUST_PROXY: "true" is not valid: expected a number of proxies/],
    [{ AUTH: 'on', TRUST_PROXY: '10.0.0.0/33' }, /^TRUST_PROXY/],
    [{ AUTH: 'on', TRUST_PROXY: '10.0.0.1,,10.0.0.2' }, /^TRUST_PROXY/],
    [{ AUTH: 'off', TRUST_PROXY: '1' }, /^TRUST_PROXY: the server requires no tokens/],
    [{ STATEMENT_SECONDS: '0' }, /^STATEMENT_SECONDS/],
    [{ REQUESTS_PER_TOKEN: '0' }, /^REQUESTS_PER_TOKEN/],
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
