/** A subscription as it is sent to the server. */
export interface Subscription {
  query: string;
  variables?: Record<string, unknown> | null;
  extensions?: Record<string, unknown> | null;
}

interface Sink<Result> {
  next(result: Result): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * The same subscription and sink, except that the subscription remembers the cursor of the newest message. Each time it is sent again,
 * after a lost connection, the variable `after` is that cursor, so that the server continues there.
 */
export function continuing<Result extends { data?: unknown }>(
  { variables, ...rest }: Subscription,
  sink: Sink<Result>,
): { subscription: Subscription; sink: Sink<Result> } {
  let after: string | null = null;
  return {
    subscription: {
      ...rest,
      get variables() {
        return after === null ? variables : { ...variables, after };
      },
    },
    sink: {
      next: (result) => {
        after = cursorOf(result.data) ?? after;
        sink.next(result);
      },
      error: (error) => sink.error(error),
      complete: () => sink.complete(),
    },
  };
}

/** The field `cursor` of the only root field, if it has one. */
function cursorOf(data: unknown): string | null {
  const [message] = Object.values(data ?? {}) as unknown[];
  const cursor = typeof message === 'object' && message !== null && 'cursor' in message ? message.cursor : null;
  return typeof cursor === 'string' ? cursor : null;
}
