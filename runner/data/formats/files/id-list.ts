import { parse } from 'node:path';
import { readText } from './read-text.js';

/**
 * Reads the image ids from the list file of a dataset layout. Each line has one id, or one or more paths of which the
 * first one's stem is the id. Adds to `problems` if the file cannot be read, has no id or lists an id twice.
 */
export async function readIdList(file: string, problems: string[]): Promise<string[]> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    problems.push(`${file}: cannot be read: ${(error as Error).message}`);
    return [];
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const ids = lines.filter((line) => line !== '').map((line) => parse(line.split(/\s+/)[0]!).name);
  const unique = new Set<string>();
  for (const id of ids) {
    if (unique.has(id)) problems.push(`${file}: lists ${id} twice`);
    unique.add(id);
  }
  if (unique.size === 0) problems.push(`${file}: lists no images`);
  return [...unique];
}
