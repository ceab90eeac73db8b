import { NearNames } from './near-names.js';

/** Suffixes after the id in the names of images and labels of published datasets. */
const SUFFIXES = /(_leftImg8bit|_gt(Fine|Coarse)(_\w+)?)$/;
const EXTENSIONS = /\.(png|jpe?g|tiff?|bmp|webp)$/i;

/** The ids of a dataset's images, to be found by what lists call them. */
export class KnownIds {
  private readonly ids: ReadonlySet<string>;
  /** For images in subfolders: the ids by the part after the last slash. */
  private readonly byName = new Map<string, string[]>();
  private near: NearNames | null = null;

  constructor(ids: Iterable<string>) {
    this.ids = new Set(ids);
    for (const id of this.ids) {
      const name = id.split('/').at(-1)!;
      if (name !== id) this.byName.set(name, [...(this.byName.get(name) ?? []), id]);
    }
  }

  /**
   * The images that a line may name: none, one, or several if it is ambiguous. The entry is the whole line, because ids and
   * folder names may contain spaces and commas, or the part before the first space, tab or comma.
   */
  in(line: string): string[] {
    // Of a pair with a semicolon, only the second path's end would be seen.
    if (line.includes(';')) return this.find(line).filter((id) => id.includes(';'));
    const whole = line.split('\t')[0]!.trim();
    const [asWhole, first] = [whole, whole.split(/[\s,]/)[0]!].map((entry) => this.find(entry));
    // A pair of paths does not end like an id that contains a space.
    if (asWhole!.length > 0 && /[\s,]/.test(asWhole![0]!)) return asWhole!;
    return [...new Set([...asWhole!, ...first!])];
  }

  /** Whether a line that begins with # names an image by its whole id, and so is not a comment. */
  isId(line: string): boolean {
    return [line, line.split(/[\s,]/)[0]!].some((entry) =>
      forms(entry.normalize('NFC')).some((id) => this.ids.has(id)),
    );
  }

  /** What to do about a line that names no image, as the end of a sentence; empty if nothing is known. */
  hint({ line, number }: ListEntry): string {
    const isHeader = number === 1 && /[,\t]/.test(line) && !/\.\w{3,4}\b/.test(line);
    if (/[";]/.test(line) || isHeader) return '; write one image per line, without a header, quotes and semicolons';
    const parts = partsOf(line.split('\t')[0]!);
    const named = [...new Set(forms(parts.at(-1) ?? '').flatMap((name) => this.byName.get(name) ?? []))];
    this.near ??= new NearNames(this.ids);
    const nearest = named.length === 1 ? named[0]! : this.near.to(forms(parts.join('/'))[1]!);
    return nearest === null ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
  }

  private find(entry: string): string[] {
    const parts = partsOf(entry);
    for (let from = 0; from < parts.length; from++) {
      const path = parts.slice(from).join('/');
      const found = forms(path).find((name) => this.ids.has(name));
      if (found !== undefined) return [found];
    }
    // An image of another folder may have the same name.
    return parts.length === 1 ? forms(parts[0]!).flatMap((name) => this.byName.get(name) ?? []) : [];
  }
}

function partsOf(entry: string): string[] {
  return entry
    .normalize('NFC')
    .split(/[\\/]/)
    .filter((part) => part !== '');
}

/** An entry, without its extension, and without a published suffix. */
function forms(path: string): string[] {
  const stem = path.replace(EXTENSIONS, '');
  return [path, stem, stem.replace(SUFFIXES, '')];
}

/** A line of a list. */
export interface ListEntry {
  line: string;
  /** From 1. */
  number: number;
}

/**
 * The lines of a list that are not blank and not comments.
 *
 * @param known the images that a list may name, because a name may begin like a comment
 */
export function entriesOf(text: string, known?: KnownIds): ListEntry[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && (!line.startsWith('#') || known?.isId(line)));
}

/** What an entry would be called as an id. */
export function nameOf(line: string): string {
  return forms(line.split(/[\s,]/)[0]!.split(/[\\/]/).at(-1)!)[1]!;
}
