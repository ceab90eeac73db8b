interface Entry {
  sha256?: string;
}

/** The hashes of all blobs that a report names, whatever its entries are. */
export function namedBlobs(report: object): string[] {
  const entries: Entry[] = Object.values(report).flat();
  return [...new Set(entries.flatMap((entry) => entry?.sha256 ?? []))];
}
