import { existsSync, readFileSync } from 'node:fs';

/** Beside the compiled file's folder's parent, or beside the source's. */
const places = ['../../package.json', '../package.json'].map((path) => new URL(path, import.meta.url));

/** Of the package. */
export const version = (
  JSON.parse(readFileSync(places.find((place) => existsSync(place))!, 'utf8')) as { version: string }
).version;
