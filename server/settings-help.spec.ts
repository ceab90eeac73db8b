import { describe, expect, it } from 'vitest';
import { envSchema } from './env.js';
import { serverSettings, settingsHelp } from './settings-help.js';

describe("the server's settings", () => {
  it('each have a description, and the facts in the schema', () => {
    const settings = serverSettings();
    expect(settings.map(({ name }) => name)).toEqual(Object.keys(envSchema.shape));
    const named = Object.fromEntries(settings.map((setting) => [setting.name, setting]));
    expect(named.PORT).toMatchObject({ byDefault: '4000', allowed: 'whole number, 0 to 65535' });
    expect(named.LEASE_SECONDS).toMatchObject({
      byDefault: '60 seconds',
      allowed: 'more than 0, at most 86400 seconds',
    });
    expect(named.AUTH).toMatchObject({ byDefault: null, allowed: 'on, off' });
  });

  it('are all in the help, which fits a terminal', () => {
    const lines = settingsHelp().split('\n');
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(96);
    for (const name of Object.keys(envSchema.shape)) {
      expect(lines.filter((line) => line.startsWith(`  ${name} `))).toHaveLength(1);
    }
  });
});
