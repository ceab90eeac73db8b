import { existsSync } from 'node:fs';

/** The browser for the browser tests: CHROMIUM, or one where Debian and Google install it; null if there is none. */
export function findChromium(): string | null {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'];
  return places.find((place) => place && existsSync(place)) ?? null;
}
