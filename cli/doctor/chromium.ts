import { existsSync } from 'node:fs';

/** The browser for the browser tests: CHROMIUM, else where Debian and Google install one; null when there is none. */
export function findChromium(): string | null {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'];
  return places.find((place) => place && existsSync(place)) ?? null;
}
