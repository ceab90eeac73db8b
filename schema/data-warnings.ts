interface WithAlarms {
  readonly alarms: readonly { kind: string; message: string }[];
}

/** What looks wrong with the data of these runs: the messages of their DATA alarms, each once, in order. */
export function dataWarnings(runs: Iterable<WithAlarms>): string[] {
  const messages = [...runs].flatMap(({ alarms }) => alarms.filter(({ kind }) => kind === 'DATA'));
  return [...new Set(messages.map(({ message }) => message))];
}
