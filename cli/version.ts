import { existsSync, readFileSync } from 'node:fs';

/** As seen from `dist/cli` and from `cli`. */
const places = ['../../package.json', '../package.json'].map((path) => new URL(path, import.meta.url));

/** The package's version. */
export const version = (
  JSON.parse(readFileSync(places.find((place) => existsSync(place))!, 'utf8')) as { version: string }
).version;
