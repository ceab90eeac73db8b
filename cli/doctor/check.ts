/** `missing` stops Crosscheck from working; a `warning` only costs something. */
export type State = 'ok' | 'warning' | 'missing';

/** What a check found. */
export interface Finding {
  state: State;
  detail: string;
  /** What this costs; null if it costs nothing. */
  cost: string | null;
  /** What to do about it; null if nothing needs to be done. */
  remedy: string | null;
}

export interface Check {
  name: string;
  /** An error that it throws becomes the finding. */
  look: () => Finding | Promise<Finding>;
}

/** What something costs and what to do about it, as in install/parts.json. */
export interface Lack {
  cost: string;
  remedy: string;
}

export const ok = (detail: string): Finding => ({ state: 'ok', detail, cost: null, remedy: null });
export const warning = (detail: string, lack: Lack): Finding => ({ state: 'warning', detail, ...lack });
export const missing = (detail: string, lack: Lack): Finding => ({ state: 'missing', detail, ...lack });

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
