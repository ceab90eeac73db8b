import { parse } from 'node:path';
import { readText } from './read-text.js';

/**
 * The image ids of a layout's own list file, one a line: bare, or as the first path of the line, whose stem is the id.
 * Problems are noted: it cannot be read, holds no id, or one twice.
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
  if (unique.size === 0) problems.push(`${file}: lists no image`);
  return [...unique];
}
