import type { Events } from '../events/events.js';
import { changeCursor, decodeChangeCursor } from '../graphql/change-cursor.js';
import { LiveStream } from './sharing/live-stream.js';
import { type Batch, type Ears, type Source, WentBack } from './sharing/source.js';

/** What every message about new records has. */
export interface Progress {
  cursor: string;
  reset: boolean;
}

/** A kind of things that are written to a run, or to all runs, numbered in the order in which they are committed. */
export interface WrittenLog<Content> {
  /** The name of the subscription. Its cursors work for no other one. */
  kind: string;
  /** What they are written to: the id of a run or study, or a text for all runs. */
  of: string;
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
 * Follows things that are written, from a cursor on or from now on. Without a cursor, or with one from a database that was since
 * restored, the first message is a reset.
 * @throws BAD_USER_INPUT for a cursor of something else
 */
export function followLog<Content extends object>(
  events: Events,
  log: WrittenLog<Content>,
  after: string | null,
): LiveStream<Content & Progress> {
  return follow(events, log, after, async () => true);
}

/**
 * The same for things of a run, until it is deleted.
 * @param exists whether the run still exists, which is asked when events may have been missed
 */
export function followRun<Content extends object>(
  events: Events,
  log: WrittenLog<Content>,
  after: string | null,
  exists: () => Promise<boolean>,
): LiveStream<Content & Progress> {
  return follow(events, log, after, exists, (end) =>
    events.on('run.deleted', (event) => event.runId === log.of && end()),
  );
}

function follow<Content extends object>(
  events: Events,
  log: WrittenLog<Content>,
  after: string | null,
  exists: () => Promise<boolean>,
  listenForEnd: (end: () => void) => () => void = () => () => {},
): LiveStream<Content & Progress> {
  const given = after === null ? null : decodeChangeCursor(after, log);
  const message = (number: number, content: Content, reset: boolean): Batch<Content & Progress> => ({
    contents: [{ ...content, cursor: changeCursor(log, number), reset }],
    position: number,
  });
  /** The highest number that was seen. */
  let highest = 0;
  const source: Source<Content & Progress> = {
    listen: ({ changed, end }: Ears) => {
      const stops = [
        log.listen(events, changed),
        listenForEnd(end),
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
    newest: async () => {
      const number = await log.newest();
      // Without the run, there is nothing to follow: tell the listeners.
      if (number < highest && (await exists())) {
        throw new WentBack(`${log.kind} has gone back from number ${highest} to ${number}`);
      }
      highest = Math.max(highest, number);
      return number;
    },
    read: async (from, to) => {
      const { upTo, content, reset = false } = await log.read(from, to);
      highest = Math.max(highest, upTo);
      return content === null ? { contents: [], position: upTo } : message(upTo, content, reset);
    },
  };
  return new LiveStream(source, async (newest) => {
    // The cursor may come from another server, or from a message that this feed has not sent yet.
    const isValid = given !== null && (given <= newest || given <= (await log.newest()));
    return isValid ? { contents: [], position: given } : message(newest, log.nothing, true);
  });
}
