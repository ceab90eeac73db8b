import { expect, it } from 'vitest';
import { placementConfig } from '../schema/run-config.js';
import { ENGINE_NAMES } from './tracking/messages.js';

it('a run can be placed on every engine that a runner may have, and on no other', () => {
  // The schema is what both sides share, so it takes nothing from the runner and has a list of its own.
  const placeable = placementConfig.shape.engine.unwrap().options;
  expect(placeable).toEqual(['any', ...ENGINE_NAMES]);
});
