const WIDTH = 30;

/** One line on standard error that shows how far a task is. Nothing if that is not a terminal. */
export class ProgressBar {
  private drawn = '';

  constructor(private readonly what: string) {}

  show(done: number, total: number): void {
    if (!process.stderr.isTTY) return;
    const share = total === 0 ? 1 : done / total;
    const bar = '█'.repeat(Math.floor(share * WIDTH)).padEnd(WIDTH, '░');
    const line = `${bar} ${Math.floor(share * 100)} % of ${total.toLocaleString('en-US')} ${this.what}`;
    if (line === this.drawn) return;
    process.stderr.write(`\r\x1b[2K${line}`);
    this.drawn = line;
  }

  /** Removes the line, so that the result is not mixed with it. */
  clear(): void {
    if (this.drawn !== '') process.stderr.write('\r\x1b[2K');
    this.drawn = '';
  }
}
