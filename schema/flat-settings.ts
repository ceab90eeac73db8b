import { isObject } from './is-object.js';

/** Settings by name; a value can be any JSON value. */
export type Settings = Readonly<Record<string, unknown>>;

/** Turns `{ data: { imageScale: 1 } }` into `{ 'data.imageScale': 1 }`, at any depth. Lists are values. */
export function flatSettings(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      isObject(value)
        ? Object.entries(flatSettings(value)).map(([inner, each]) => [`${name}.${inner}`, each])
        : [[name, value]],
    ),
  );
}
