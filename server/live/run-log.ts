import type { Events } from '../events/events.js';
import { changeCursor, decodeChangeCursor } from '../graphql/change-cursor.js';
import { LiveStream } from './sharing/live-stream.js';
import type { Batch, Source } from './sharing/source.js';

/** What every message about things that are written to a run says. */
export interface Progress {
  cursor: string;
  reset: boolean;
}

/** A kind of things that are written to a run, numbered in the order in which they are committed. */
export interface RunLog<Content> {
  /** The name of the subscription. Its cursors work for no other one. */
  kind: string;
  runId: string;
  /** Listens for new things. `heard` takes the newest number, or nothing if it has to be asked for. */
  listen(events: Events, heard: (number?: number) => void): () => void;
  /** The number of the newest thing. */
  newest(): Promise<number>;
  /** What was written after `from`, up to `to` or less. Null content means that nothing a subscriber wants was written. */
  read(from: number, to: number): Promise<{ upTo: number; content: Content | null; reset?: boolean }>;
  /** The content of a message without things. */
  readonly nothing: Content;
}

/**
 * Follows things that are written to a run, from a cursor on or from now on, until the run is deleted. Without a cursor, or with one
 * from a database that was since restored, the first message is a reset.
 * @param exists whether the run still exists, which is asked when events may have been missed
 * @throws BAD_USER_INPUT for a cursor of something else
 */
export function followRun<Content extends object>(
  events: Events,
  log: RunLog<Content>,
  after: string | null,
  exists: () => Promise<boolean>,
): LiveStream<Content & Progress> {
  const given = after === null ? null : decodeChangeCursor(after, log);
  const message = (number: number, content: Content, reset: boolean): Batch<Content & Progress> => ({
    contents: [{ ...content, cursor: changeCursor(log, number), reset }],
    position: number,
  });
  const source: Source<Content & Progress> = {
    listen: ({ changed, end }) => {
      const stops = [
        log.listen(events, changed),
        events.on('run.deleted', (event) => event.runId === log.runId && end()),
        // If the database cannot say it, reading what has changed fails too, and the client connects again.
        events.on('resync', () =>
          exists().then(
            (does) => (does ? changed() : end()),
            () => changed(),
          ),
        ),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
    newest: log.newest,
    read: async (from, to) => {
      const { upTo, content, reset = false } = await log.read(from, to);
      return content === null ? { contents: [], position: upTo } : message(upTo, content, reset);
    },
  };
  return new LiveStream(source, async (newest) => {
    // The cursor may come from another server, or from a message that this feed has not sent yet.
    const isValid = given !== null && (given <= newest || given <= (await log.newest()));
    return isValid ? { contents: [], position: given } : message(newest, log.nothing, true);
  });
}
