import { inOrder } from '../../context.js';
import type { DatasetClass } from '../../datasets/dataset.entity.js';
import type { DatasetsService } from '../../datasets/datasets.service.js';
import type { Budget } from '../../graphql/budget.js';
import type { ComparisonsService } from '../comparisons.service.js';
import type { ClassHistoriesRepository, StoredHistory } from './class-histories.repository.js';
import type { ClassHistoriesArgs, RunClassHistory } from './class-histories.types.js';
import { indicesOf, unknownClass } from './class-names.js';
import type { ClassHistory } from './classes.types.js';

/** The highest step that is stored. */
const LAST_STEP = 2 ** 31 - 1;

/** The scores of classes over the evaluations of several runs. */
export class ClassHistoriesService {
  constructor(
    private readonly deps: {
      repository: ClassHistoriesRepository;
      comparisons: ComparisonsService;
      datasets: DatasetsService;
    },
  ) {}

  /**
   * One entry for each run, in the given order; without steps for a run without evaluations.
   * @throws NOT_FOUND if a run does not exist; BAD_USER_INPUT for a class that no run has, or if this exceeds the budget
   */
  async histories(
    budget: Budget,
    { runIds, classes: names, network, subset, fromStep, toStep }: ClassHistoriesArgs,
  ): Promise<RunClassHistory[]> {
    const { repository, comparisons, datasets } = this.deps;
    const runs = await comparisons.runs(runIds);
    const ids = [...new Set(runs.map(({ datasetId }) => datasetId))];
    const classesOf = new Map((await datasets.byIds(ids)).map(({ id, classes }) => [id, classes]));
    checkNames([...classesOf.values()], names);
    const query = { runIds: runs.map(({ id }) => id), network, subset };
    const range = { fromStep: fromStep ?? 0, toStep: toStep ?? LAST_STEP };
    const rowsOfOne = 1 + Math.min(...[...classesOf.values()].map(({ length }) => length));
    const found = await budget.rows(
      (limit) => repository.read({ ...query, ...range }, Math.ceil(limit / rowsOfOne)),
      rowsOf,
    );
    const histories = inOrder(query.runIds, found, ({ runId }) => runId);
    return runs.map((run, index) => {
      const { steps, meanIous, ...scores } = histories[index] ?? NOTHING;
      const classes = classesOf.get(run.datasetId) ?? [];
      return { run, steps, meanIous, classes: chosen(classes, names).map((each) => historyOf(classes, each, scores)) };
    });
  }
}

const NOTHING = { steps: [], meanIous: [], ious: [], precisions: [], recalls: [] };

/** An evaluation has a row, and one for each class. */
const rowsOf = ({ ious }: StoredHistory) => ious.reduce((rows, classes) => rows + 1 + classes.length, 0);

/** The classes that a dataset has of those with these names. */
function chosen(classes: readonly DatasetClass[], names: readonly string[] | null | undefined): number[] {
  const here = names?.filter((name) => classes.some((each) => each.name === name));
  return indicesOf(classes, here, 'classes');
}

function checkNames(datasets: readonly (readonly DatasetClass[])[], names: readonly string[] | null | undefined): void {
  const known = [...new Set(datasets.flatMap((classes) => classes.map(({ name }) => name)))];
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownClass('classes', unknown, known);
}

function historyOf(
  classes: readonly DatasetClass[],
  classIndex: number,
  { ious, precisions, recalls }: Pick<StoredHistory, 'ious' | 'precisions' | 'recalls'>,
): ClassHistory {
  const { name, color } = classes[classIndex]!;
  const column = (rows: readonly (readonly (number | null)[])[]) => rows.map((row) => row[classIndex] ?? null);
  return { classIndex, name, color, ious: column(ious), precisions: column(precisions), recalls: column(recalls) };
}
