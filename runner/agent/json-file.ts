import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A file whose content cannot be used. The message is one line that names the file and says why. */
export class DamagedFile extends Error {
  constructor(
    readonly file: string,
    readonly why: string,
  ) {
    super(`${file} is damaged: ${why}`);
  }
}

/**
 * Reads a small JSON file.
 * @returns null if there is no such file
 * @throws DamagedFile when it cannot be read or its content does not fit the schema
 */
export function readJsonFile<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new DamagedFile(file, (error as Error).message);
  }
  const parsed = schema.safeParse(parse(file, text));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new DamagedFile(file, `${path.join('.') || 'its content'}: ${message}`);
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be a secret or binary.
    const why = text.trim() === '' ? 'it is empty' : text.includes('\0') ? 'it contains NUL bytes' : 'it is not JSON';
    throw new DamagedFile(file, why);
  }
}
