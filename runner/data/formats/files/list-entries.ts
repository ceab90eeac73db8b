/** Suffixes after the id in the names of images and labels of published datasets. */
const SUFFIXES = /(_leftImg8bit|_gt(Fine|Coarse)(_\w+)?)$/;
const EXTENSIONS = /\.(png|jpe?g|tiff?|bmp|webp)$/i;

/** The ids of a dataset's images, to be found by what lists call them. */
export class KnownIds {
  private readonly ids: ReadonlySet<string>;
  /** For images in subfolders: the ids by the part after the last slash. */
  private readonly byName = new Map<string, string[]>();

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
    const whole = line.split('\t')[0]!.trim();
    const [asWhole, first] = [whole, whole.split(/[\s,]/)[0]!].map((entry) => this.find(entry));
    // A pair of paths does not end like an id that contains a space.
    if (asWhole!.length > 0 && /[\s,]/.test(asWhole![0]!)) return asWhole!;
    return [...new Set([...asWhole!, ...first!])];
  }

  private find(entry: string): string[] {
    const parts = entry
      .normalize('NFC')
      .split(/[\\/]/)
      .filter((part) => part !== '');
    for (let from = 0; from < parts.length; from++) {
      const path = parts.slice(from).join('/');
      const found = forms(path).find((name) => this.ids.has(name));
      if (found !== undefined) return [found];
    }
    return forms(parts.at(-1) ?? '').flatMap((name) => this.byName.get(name) ?? []);
  }
}

/** An entry, without its extension, and without a published suffix. */
function forms(path: string): string[] {
  const stem = path.replace(EXTENSIONS, '');
  return [path, stem, stem.replace(SUFFIXES, '')];
}

/** The lines of a list that may name an image, with their numbers from 1. Blank lines and comments are left out. */
export function entriesOf(text: string): { line: string; number: number }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
}

/** What an entry would be called as an id, to name it in messages. */
export function nameOf(line: string): string {
  return forms(line.split(/[\s,]/)[0]!.split(/[\\/]/).at(-1)!)[1]!;
}
