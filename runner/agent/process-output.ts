import { open } from 'node:fs/promises';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import { logTo, type RecordSink, type Records } from '../tracking/tracker.js';
import { sendable } from './sendable.js';

/** What a run's log keeps of the output of its training process. */
const KEPT_BYTES = 64 * 1024;
/** Room for the line that says what follows. */
const HEADING_CHARACTERS = 200;

/** The last `bytes` bytes of a file, from the start of a line, and the size of the whole file. */
export async function tailOf(file: string, bytes: number): Promise<{ text: string; size: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, bytes));
    await handle.read(tail, 0, tail.length, size - tail.length);
    const newline = tail.indexOf(10);
    // One line may be longer than the tail.
    const cut = size > tail.length && newline < tail.length - 1 ? newline + 1 : 0;
    return { text: tail.toString('utf8', cut), size };
  } finally {
    await handle.close();
  }
}

/**
 * Adds the end of what the training process has printed to the run's log. The file itself is deleted with the attempt's
 * folder, and it may be all that a crash in a native library leaves behind.
 */
export async function keepOutput(file: string, sink: RecordSink<Pick<Records, 'log'>>): Promise<void> {
  const { text, size } = await tailOf(file, KEPT_BYTES);
  const output = text.trimEnd();
  if (output.trim() === '') return;
  const pieces = piecesOf(output, MOST_CHARACTERS.logLine - HEADING_CHARACTERS);
  const what = size > KEPT_BYTES ? `the last ${KEPT_BYTES / 1024} KiB of the output` : 'the output';
  for (const [index, piece] of pieces.entries()) {
    const part = pieces.length > 1 ? ` (${index + 1} of ${pieces.length})` : '';
    logTo(sink, 'INFO', sendable(`${what} of the training process${part}:\n${piece}`, MOST_CHARACTERS.logLine));
  }
}

/** Cuts a text into pieces of at most `most` characters, at the ends of lines where possible. */
function piecesOf(text: string, most: number): string[] {
  const pieces: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const newline = rest.length > most ? rest.lastIndexOf('\n', most) : -1;
    const end = newline > 0 ? newline + 1 : most;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return pieces;
}
