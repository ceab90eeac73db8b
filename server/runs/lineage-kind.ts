import { registerEnumType } from 'type-graphql';

/** How a run was made from another one. */
export enum LineageKind {
  CLONE = 'CLONE',
  RETRY = 'RETRY',
}

registerEnumType(LineageKind, {
  name: 'LineageKind',
  description: 'How a run was made from another one.',
  valuesConfig: {
    CLONE: { description: 'Queued with `CreateRunInput.from`: the same configuration, or a changed one.' },
    RETRY: { description: 'Queued by `retryRun` with `copy`: the same configuration, from the beginning.' },
  },
});
