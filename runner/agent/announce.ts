import type { RunnerInfoInput } from '../../schema/generated/runner/graphql.js';
import { ServerFault } from './errors.js';

/**
 * Sends what a runner announces. The server says which version it speaks only in its answer, and an older one refuses fields that it
 * does not know. So it is asked again without those of them that a runner can do without.
 */
export async function announce<Result>(
  info: RunnerInfoInput,
  send: (info: RunnerInfoInput) => Promise<Result>,
  log: (message: string) => void,
): Promise<Result> {
  try {
    return await send(info);
  } catch (error) {
    const known = withoutUnknown(info, error);
    if (known === null) throw error;
    log(`the server is older than this runner, so it does not store ${known.what}`);
    return announce(known.info, send, log);
  }
}

/** The same without the field that the server does not know; null if it was refused for another reason, or cannot be left out. */
function withoutUnknown(info: RunnerInfoInput, error: unknown): { info: RunnerInfoInput; what: string } | null {
  if (!(error instanceof ServerFault)) return null;
  const { unknownField } = error;
  if (unknownField === 'RunnerInfoInput.commit' && 'commit' in info) {
    const { commit: _, ...others } = info;
    return { info: others, what: 'the commit of its code' };
  }
  if (unknownField === 'DatasetInput.facts' && info.datasets.some((dataset) => 'facts' in dataset)) {
    const datasets = info.datasets.map(({ facts: _, ...others }) => others);
    return { info: { ...info, datasets }, what: 'what its datasets hold' };
  }
  return null;
}
