/** A parameter of an error or a problem, as it is sent. */
export type Parameter = string | number | boolean | null | readonly (string | number | boolean)[];

export type Parameters = Readonly<Record<string, Parameter>>;

/** The names of the parameters in a message: `%{name}`, or `%{"name"}` for a quoted value. */
export type ParameterOf<Message> = Message extends `${string}%{${infer Name}}${infer Rest}`
  ? (Name extends `"${infer Inner}"` ? Inner : Name) | ParameterOf<Rest>
  : never;

const PLACEHOLDER = /%\{("?)(\w+)"?\}/g;
const MAX_SHOWN_LENGTH = 100;

/** The names of the placeholders of a message, each once. */
export function placeholdersIn(message: string): string[] {
  return [...new Set([...message.matchAll(PLACEHOLDER)].map(([, , name]) => name!))];
}

/** The message with its parameters filled in. Lists are separated by commas. */
export function filled(message: string, parameters: Parameters): string {
  return message.replace(PLACEHOLDER, (_, quote: string, name: string) => {
    const value = parameters[name]!;
    const text = quote ? shown : plain;
    return Array.isArray(value) ? value.map(text).join(', ') : text(value as Parameter);
  });
}

const plain = (value: Parameter): string => (value === null ? 'none' : String(value));

/** A value as error messages show it: as JSON, and shortened. */
export function shown(value: unknown): string {
  if (typeof value === 'string' && value.length > MAX_SHOWN_LENGTH) {
    return `${JSON.stringify(value.slice(0, MAX_SHOWN_LENGTH))}… (${value.length} characters)`;
  }
  return String(JSON.stringify(value));
}
