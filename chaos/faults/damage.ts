import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Random } from '../../runner/random/random.js';

/** It holds the token: a runner without it has to be registered again. */
const PRECIOUS = 'runner.json';
const GARBAGE_BYTES = 256;

type Damage = (file: string, size: number, random: Random) => void;

/** What a power cut or a bad disk does to a file. */
const DAMAGES: Record<string, Damage> = {
  emptied: (file) => truncateSync(file, 0),
  'cut off': (file, size) => truncateSync(file, Math.floor(size / 2)),
  'filled with NULs': (file, size) => writeFileSync(file, Buffer.alloc(size)),
  'ended with NULs': (file, size) => overwriteEnd(file, Buffer.alloc(Math.ceil(size / 2))),
  'ended with garbage': (file, _size, random) =>
    overwriteEnd(file, Buffer.from(Array.from({ length: GARBAGE_BYTES }, () => random.int(256)))),
};

/** Damages about half of the files in a home. Returns what happened to which. */
export function damageFiles(home: string, random: Random): string[] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== PRECIOUS)
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const chosen = files.filter(() => random.int(2) === 0);
  return (chosen.length > 0 ? chosen : files).map((file) => {
    const how = Object.keys(DAMAGES)[random.int(Object.keys(DAMAGES).length)]!;
    DAMAGES[how]!(file, statSync(file).size, random);
    return `${relative(home, file)} ${how}`;
  });
}

function overwriteEnd(file: string, bytes: Buffer): void {
  const content = readFileSync(file);
  const kept = content.subarray(0, Math.max(0, content.length - bytes.length));
  writeFileSync(file, Buffer.concat([kept, bytes]));
}
