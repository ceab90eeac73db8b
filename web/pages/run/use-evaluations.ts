import {
  type ClassIousFragment,
  type Network,
  RunEvaluationsAddedDocument,
  type RunEvaluationsAddedSubscription,
  RunEvaluationsDocument,
  type Subset,
} from '../../../schema/generated/web/graphql.js';
import { useFeed } from '../../api/use-feed.js';

export interface Evaluations {
  /** Those of the network on the subset, by step. */
  history: ClassIousFragment[];
  /** Grows with each message about evaluations of any network. */
  version: number;
}

/** The evaluations of a network on a subset, followed; null until they were read. */
export function useEvaluations(runId: string, network: Network, subset: Subset): Evaluations | null {
  const { state } = useFeed(RunEvaluationsAddedDocument, {
    variables: { runId, after: null },
    about: `${network} ${subset}`,
    read: async (client): Promise<Evaluations | null> => {
      const asked = { id: runId, network, subset };
      const { data } = await client.query(RunEvaluationsDocument, asked, { requestPolicy: 'network-only' }).toPromise();
      return data?.run ? { history: data.run.evaluations, version: 0 } : null;
    },
    apply: ({ history, version }: Evaluations, message: RunEvaluationsAddedSubscription['runEvaluations']) => {
      const ours = message.evaluations.filter((each) => each.network === network && each.subset === subset);
      return { history: ours.length === 0 ? history : merged(history, ours), version: version + 1 };
    },
  });
  return state;
}

/** By id: an evaluation that a resumed run repeats replaces the one before. */
function merged(history: ClassIousFragment[], added: ClassIousFragment[]): ClassIousFragment[] {
  const byId = new Map([...history, ...added].map((evaluation) => [evaluation.id, evaluation]));
  return [...byId.values()].sort((a, b) => a.step - b.step);
}
