import { Fragment } from 'react';
import { SplitHash } from '../../components/split-hash.js';
import { differentSplits, type SplitRun } from './splits.js';

/** Warns that runs side by side had different labels to learn from. */
export function DifferentSplits({ runs }: { runs: SplitRun[] }) {
  return differentSplits(runs).map(({ dataset, groups }) => (
    <p key={dataset} className="notice" role="note">
      On {dataset} these runs learn from different labelled images, so what differs is not the method alone:{' '}
      {groups.map(({ splitHash, numbers }, index) => (
        <Fragment key={splitHash}>
          {index > 0 && '; '}
          {numbers.map((number) => `#${number}`).join(', ')} on split <SplitHash hash={splitHash} />
        </Fragment>
      ))}
      .
    </p>
  ));
}
