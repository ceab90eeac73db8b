import { Help } from 'commander';
import { z } from 'zod';
import { envSchema } from './env.js';

/** An environment variable, as it is described to people. */
export interface Setting {
  name: string;
  /** The default with its unit; null if there is none. */
  byDefault: string | null;
  /** The allowed values; null if anything is allowed. */
  allowed: string | null;
  description: string;
}

/** The description of a variable in JSON Schema, with what `meta` adds. */
interface Property {
  description?: string;
  unit?: string;
  allowed?: string;
  default?: string | number;
  type?: string;
  enum?: string[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

/** Columns at which the help text is wrapped. */
const WIDTH = 96;

/** The server's variables, in the order of their schema. @throws Error if a variable has no description */
export function serverSettings(): Setting[] {
  const properties = z.toJSONSchema(envSchema).properties as Record<string, Property>;
  return Object.entries(properties).map(([name, property]) => {
    if (!property.description) throw new Error(`${name} has no description: add one in server/env.ts`);
    return {
      name,
      byDefault: property.default === undefined ? null : withUnit(String(property.default), property),
      allowed: allowedValues(property),
      description: property.description,
    };
  });
}

/** The settings, as text for the end of `crosscheck server --help`. */
export function settingsHelp(): string {
  const settings = serverSettings();
  const termWidth = Math.max(...settings.map(({ name }) => name.length));
  const help = Object.assign(new Help(), { helpWidth: WIDTH });
  const items = settings.map((setting) => help.formatItem(setting.name, termWidth, describe(setting), help));
  return ['Settings, as environment variables; an empty variable counts as unset:', ...items].join('\n');
}

function describe({ description, byDefault, allowed }: Setting): string {
  const facts = [allowed, byDefault && `default: ${byDefault}`].filter((fact) => fact !== null);
  return facts.length > 0 ? `${description} (${facts.join('; ')})` : description;
}

function allowedValues(property: Property): string | null {
  if (property.allowed) return property.allowed;
  if (property.enum) return property.enum.join(', ');
  const { minimum, exclusiveMinimum, maximum } = property;
  const low = minimum === undefined ? `more than ${exclusiveMinimum}` : String(minimum);
  if (property.type === 'integer') return `whole number, ${low} to ${maximum}`;
  if (property.type === 'number') return withUnit(`${low}, at most ${maximum}`, property);
  return null;
}

function withUnit(text: string, { unit }: Property): string {
  return unit ? `${text} ${unit}` : text;
}
