import { readFile } from 'node:fs/promises';

/** A text file (UTF-8) without the byte order mark that some editors put first. @throws Error when it cannot be read */
export async function readText(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
}
