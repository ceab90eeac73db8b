import type { ReactNode } from 'react';

/** The states of a component by their names. `x.stories.tsx` beside `x.tsx` exports them as `stories`. */
export type Stories = Readonly<Record<string, () => ReactNode>>;
