import { stripVTControlCharacters } from 'node:util';

/** Where a block of lines is drawn. */
export interface Terminal {
  write(text: string): unknown;
  /** Its current width in characters; 0 if it is unknown. */
  readonly columns: number;
}

const USUAL_COLUMNS = 80;

/** Lines of a terminal that are drawn again and again, in the same place. Longer ones are cut, because a wrapped line would move the others. */
export class RedrawnBlock {
  private drawn = 0;

  constructor(private readonly terminal: Terminal) {}

  show(lines: readonly string[]): void {
    const width = this.terminal.columns || USUAL_COLUMNS;
    const up = this.drawn > 0 ? `\x1b[${this.drawn}A` : '';
    // Erases what is below, too: the block may have had more lines.
    const text = lines.map((line) => `\x1b[2K${[...stripVTControlCharacters(line)].slice(0, width).join('')}\n`);
    this.terminal.write(`${up}${text.join('')}\x1b[J`);
    this.drawn = lines.length;
  }

  /** Leaves the block as it is, because something else is printed below it. The next lines are drawn below that. */
  leave(): void {
    this.drawn = 0;
  }
}
