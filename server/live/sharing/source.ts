/** The source is in an earlier state than before, because the database was restored from a backup. Followers must start again. */
export class WentBack extends Error {}

/** What was read for subscribers, in order, and the position after it. */
export interface Batch<Content> {
  contents: Content[];
  position: number;
}

/** What a source calls while somebody listens to it. */
export interface Ears {
  /** Something was added or changed. `position` is the newest position if the source knows it. */
  changed(position?: number): void;
  /** Nothing will be added any more. What was added before still arrives. */
  end(): void;
}

/** Something that subscribers follow. Each addition or change has a position, and later ones have higher positions. */
export interface Source<Payload> {
  /** Starts to listen. The returned function stops it. */
  listen(ears: Ears): () => void;
  /** The newest position. Called when listening has started. @throws WentBack */
  newest(): Promise<number>;
  /** What has come after `from`, up to `to`. It may end at an earlier position, and is then called again. */
  read(from: number, to: number): Promise<Batch<Payload>>;
  /** Nothing before this position, or at it, will be read again. */
  forget?(position: number): void;
}

/** What a new subscriber receives first, and where it continues. `newest` is a position up to which everything can be read. */
export type First<Payload> = (newest: number) => Promise<Batch<Payload>>;

/** Nothing of what came before. */
export const onlyNew: First<never> = async (newest) => ({ contents: [], position: newest });
