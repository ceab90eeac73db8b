import { cutTo, onOneLine } from '../../schema/display-width.js';

/** Where a block of lines is drawn. */
export interface Terminal {
  write(text: string): unknown;
  /** Its current width in columns; 0 if it is unknown. */
  readonly columns: number;
}

const USUAL_COLUMNS = 80;

/**
 * Lines of a terminal that are drawn again and again, in the same place. Wider ones are cut, because a wrapped line would move the
 * others, and so would a line break within one.
 */
export class RedrawnBlock {
  private drawn = 0;

  constructor(private readonly terminal: Terminal) {}

  show(lines: readonly string[]): void {
    const width = this.terminal.columns || USUAL_COLUMNS;
    const up = this.drawn > 0 ? `\x1b[${this.drawn}A` : '';
    // Erases what is below, too: the block may have had more lines.
    const text = lines.map((line) => `\x1b[2K${cutTo(onOneLine(line), width)}\n`);
    this.terminal.write(`${up}${text.join('')}\x1b[J`);
    this.drawn = lines.length;
  }

  /** Leaves the block as it is, because something else is printed below it. The next lines are drawn below that. */
  leave(): void {
    this.drawn = 0;
  }
}
