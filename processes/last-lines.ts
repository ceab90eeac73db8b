const SHOWN_LINES = 12;

/** The last lines of a program's output. Lines that its logger wrote as JSON are made readable. */
export function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-SHOWN_LINES).map(readable).join('\n');
}

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg ?? line, err?.message].filter(Boolean).join(': ');
  } catch {
    // Not a line of the logger, although it begins with a brace.
    return line;
  }
}
