import { join } from 'node:path';
import { namesIn } from './list-files.js';

/** What tools call the lists of the subsets, in lower case: CVAT, for example, has Train.txt and Validation.txt. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  train: ['train', 'training'],
  val: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
};

/** The list files of a folder, by their usual names without ".txt". */
export class SubsetLists {
  private readonly files: readonly string[];

  constructor(private readonly folder: string) {
    this.files = namesIn(folder);
  }

  /** Adds a problem for each subset that has several lists, because all but one would be left out. */
  refuseSeveral(problems: string[]): void {
    for (const aliases of Object.values(ALIASES)) {
      const [file, other] = this.files.filter((each) => aliases.some((alias) => each.toLowerCase() === `${alias}.txt`));
      if (other !== undefined) problems.push(`${this.folder}: has both ${file} and ${other}; keep one of them`);
    }
  }

  /** The file of a list; null if there is none. */
  find(name: string): string | null {
    const names = (ALIASES[name] ?? [name]).map((alias) => `${alias}.txt`);
    const exact = names.find((each) => this.files.includes(each));
    const file = exact ?? this.files.find((each) => names.includes(each.toLowerCase()));
    return file === undefined ? null : join(this.folder, file);
  }

  /** Where a list is, or would be. */
  path(name: string): string {
    return this.find(name) ?? join(this.folder, `${name}.txt`);
  }
}
