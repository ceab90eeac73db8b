import { describeMatch } from '../networks/pretrained/describe.js';
import { matchBackbone } from '../networks/pretrained/match.js';
import type { PretrainedWeights } from '../networks/pretrained/open-weights.js';
import { logTo, type Tracker } from '../tracking/tracker.js';
import type { Branches, BranchState } from './branches/branches.js';

const BACKBONE_TENSOR = /^(?:teacher_)?(?:weights|statistics)\.backbone\.(.+)$/;
/** A tensor of the network outside the backbone, or of the layers that a method adds. */
const OTHER_TENSOR = /^(?:(part)_)?(?:weights|statistics)\.(?!backbone\.)([^.]+)/;

/** A file of pretrained weights, and the networks that start from it. */
export interface StartingWeights {
  of: 1 | 2 | 'both';
  weights: PretrainedWeights;
}

/**
 * Gives the networks that start from a file its backbone, so that only the heads differ: tensors from the file, and the first
 * network's random ones for those that the file lacks. Logs what happened to every tensor.
 * @returns what it logged
 * @throws Error when the file does not fit the backbone.
 */
export async function startFromPretrained(
  branches: Branches,
  { of, weights: { source, sha256, content } }: StartingWeights,
  tracker: Tracker,
): Promise<string> {
  const states = await branches.save();
  const starting = of === 'both' ? states : [states[of - 1]!];
  const first = starting[0]!;
  // A teacher starts with the weights of its network, so one tensor of the file can have two names here.
  const names = Object.keys(first).flatMap((name) => {
    const inFile = BACKBONE_TENSOR.exec(name)?.[1];
    return inFile ? [[inFile, name] as const] : [];
  });
  const wanted = new Map(names.map(([inFile, name]) => [inFile, first[name]!.shape]));
  const match = matchBackbone(source, content, wanted, of === 2 ? 'network.second' : 'network');
  for (const state of starting) {
    for (const [inFile, name] of names) {
      const values = match.tensors.get(inFile)?.values ?? first[name]!.values;
      state[name] = { shape: first[name]!.shape, values };
    }
  }
  await branches.load(states);
  const level = match.missing.length > 0 ? 'WARN' : 'INFO';
  const whose = of === 'both' ? '' : ` of network ${of}`;
  const message = `pretrained weights ${source} (SHA-256 ${sha256})${whose}: ${describeMatch(match, restOf(first))}`;
  logTo(tracker, level, message);
  return message;
}

/** How many tensors each part of a network has outside its backbone. */
function restOf(state: BranchState): Map<string, number> {
  const rest = new Map<string, number>();
  for (const name of Object.keys(state)) {
    const [, added, part] = OTHER_TENSOR.exec(name) ?? [];
    if (part === undefined) continue;
    const label = added ? "the method's own layers" : part;
    rest.set(label, (rest.get(label) ?? 0) + 1);
  }
  return rest;
}
