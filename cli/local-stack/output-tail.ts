const KEPT_LINES = 12;

/** The last lines that a program printed; what its logger wrote as JSON is made readable. */
export class OutputTail {
  private lines: string[] = [];
  private unfinished = '';

  add(text: string): void {
    const lines = (this.unfinished + text).split('\n');
    this.unfinished = lines.pop()!;
    this.lines.push(...lines.filter((line) => line.trim() !== ''));
    this.lines = this.lines.slice(-KEPT_LINES);
  }

  toString(): string {
    return [...this.lines, this.unfinished]
      .filter((line) => line.trim() !== '')
      .map(readable)
      .join('\n');
  }
}

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg ?? line, err?.message].filter(Boolean).join(': ');
  } catch {
    // A line of something else that begins with a brace.
    return line;
  }
}
