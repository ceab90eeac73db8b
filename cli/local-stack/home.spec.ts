import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { homeFolder } from './home.js';

const folder = mkdtempSync(join(tmpdir(), 'home-'));
afterAll(() => rmSync(folder, { recursive: true }));
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("a local session's folder", () => {
  it("is the user's own, with unchanged permissions", async () => {
    const home = join(folder, 'mine');
    mkdirSync(home);
    for (const mode of [0o700, 0o750]) {
      chmodSync(home, mode);
      expect(await homeFolder(home)).toBe(home);
      expect(modeOf(home)).toBe(mode.toString(8));
    }
  });

  it('is created if it does not exist', async () => {
    const home = join(folder, 'a', 'b');
    expect(statSync(await homeFolder(home)).isDirectory()).toBe(true);
  });

  it('is a temporary one, which others can read only if this is root: PostgreSQL then runs as another user', async () => {
    const home = await homeFolder(null);
    expect(modeOf(home)).toBe(process.getuid?.() === 0 ? '755' : '700');
    rmSync(home, { recursive: true });
  });
});
