interface WithDataAlarms {
  /** Of the kind DATA. */
  readonly alarms: readonly { message: string }[];
}

/** What looks wrong with the data of these runs: the messages of their alarms about it, each once, in order. */
export function dataWarnings(runs: Iterable<WithDataAlarms>): string[] {
  return [...new Set([...runs].flatMap(({ alarms }) => alarms.map(({ message }) => message)))];
}
