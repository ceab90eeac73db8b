import { useMemo } from 'react';
import type { CombinedError } from 'urql';
import {
  RunSamplesAddedDocument,
  type RunSamplesAddedSubscription,
  RunSamplesDocument,
} from '../../schema/generated/web/graphql.js';
import { useFeed } from '../api/use-feed.js';
import { useRead } from '../api/use-read.js';
import type { Sample } from './sample.js';

type Message = RunSamplesAddedSubscription['runSamples'];

const keyOf = ({ step, imageId }: Sample): string => `${step} ${imageId}`;

/** Samples by step and image, with those of a message added or replaced. */
function withSamples(known: ReadonlyMap<string, Sample>, { samples }: Message): ReadonlyMap<string, Sample> {
  return new Map([...known, ...samples.map((sample) => [keyOf(sample), sample] as const)]);
}

interface Samples {
  /** In the order of their images; undefined until they are known. */
  samples: Sample[] | undefined;
  error: CombinedError | undefined;
}

/** The samples of a run at a step, and those that arrive there. Null reads nothing. */
export function useSamples(runId: string, step: number | null): Samples {
  const { data, error, refresh } = useRead(RunSamplesDocument, step === null ? null : { id: runId, step });
  // Only what arrives: the steps before are read one at a time, as they are looked at.
  const { state: arrived } = useFeed(RunSamplesAddedDocument, {
    variables: { runId, after: null },
    read: async (): Promise<ReadonlyMap<string, Sample>> => {
      refresh();
      return new Map();
    },
    apply: withSamples,
  });
  const samples = useMemo(() => {
    const read = data?.run?.samples;
    const added = [...(arrived?.values() ?? [])].filter((sample) => sample.step === step);
    if (!read && added.length === 0) return undefined;
    return [...new Map([...(read ?? []), ...added].map((sample) => [sample.imageId, sample])).values()];
  }, [data, arrived, step]);
  return { samples, error };
}
