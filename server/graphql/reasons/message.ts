import { shown } from '../texts.js';
import type { Parameter } from './all.js';

const PLACEHOLDER = /%\{("?)(\w+)"?\}/g;

/** The names of the placeholders of a message, each once. */
export function placeholdersIn(message: string): string[] {
  return [...new Set([...message.matchAll(PLACEHOLDER)].map(([, , name]) => name!))];
}

/** The message with its parameters filled in. Lists are separated by commas. */
export function filled(message: string, parameters: Readonly<Record<string, Parameter>>): string {
  return message.replace(PLACEHOLDER, (_, quote: string, name: string) => {
    const value = parameters[name]!;
    const text = quote ? shown : plain;
    return Array.isArray(value) ? value.map(text).join(', ') : text(value as Parameter);
  });
}

const plain = (value: Parameter): string => (value === null ? 'none' : String(value));
