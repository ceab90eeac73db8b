import { readFile } from 'node:fs/promises';

/** Reads a UTF-8 text file, without the byte order mark that some editors add. @throws Error when it cannot be read */
export async function readText(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
}
