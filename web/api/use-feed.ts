import { useCallback, useEffect, useRef, useState } from 'react';
import { type AnyVariables, type Client, type TypedDocumentNode, useClient } from 'urql';
import { useConnection } from './connection.js';
import { Feed, type FeedMessage } from './feed.js';
import { useLive } from './use-live.js';

interface Options<State, Message, Variables> {
  /** The subscription's variables; null pauses it. The feed begins again when they change. */
  variables: Variables | null;
  /** What else the query depends on. The feed begins again when it changes. */
  about?: string;
  /** The query for everything up to now; null if it failed. */
  read: (client: Client, variables: Variables) => Promise<State | null>;
  /** The state after a message. Applying a message twice must change nothing. */
  apply: (state: State, message: Message) => State;
}

interface FollowedFeed<State> {
  /** Null until everything up to now has been read. */
  state: State | null;
  /** Reads everything again. */
  reread: () => void;
}

/**
 * Follows what is added to a run, with cursors that miss nothing (docs/live.md).
 * @param document a subscription with one root field, which has `cursor` and `reset`
 */
export function useFeed<State, Message extends FeedMessage, Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { variables, about = '', ...how }: Options<State, Message, Variables>,
): FollowedFeed<State> {
  const client = useClient();
  const { epoch } = useConnection();
  const key = JSON.stringify([variables, about]);
  const newest = useRef(how);
  newest.current = how;
  // With the key, so that the state of other variables is never shown.
  const [shown, setShown] = useState<{ key: string; state: State } | null>(null);
  const feed = useRef<Feed<State, Message>>(undefined);
  useEffect(() => {
    const [parsed] = JSON.parse(key) as [Variables | null];
    if (parsed === null) return;
    const opened = new Feed<State, Message>({
      read: () => newest.current.read(client, parsed),
      apply: (state, message) => newest.current.apply(state, message),
      show: (state) => setShown({ key, state }),
    });
    const isAnew = feed.current !== undefined;
    feed.current = opened;
    // The subscription stays open if only the query has changed, and sends no `reset` then.
    if (isAnew) void opened.read();
    return () => opened.close();
  }, [client, key]);

  useLive(document, variables, (data) => {
    const [message] = Object.values(data) as unknown[];
    if (isMessage<Message>(message)) feed.current?.receive(message);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch means that the connection is back
  useEffect(() => feed.current?.reconnected(), [epoch]);

  const reread = useCallback(() => void feed.current?.read(), []);
  return { state: shown?.key === key ? shown.state : null, reread };
}

/** Not the text of `__typename`. */
function isMessage<Message extends FeedMessage>(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'reset' in value;
}
