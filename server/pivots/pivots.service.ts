import { canonical } from '../../schema/canonical.js';
import { isNumber } from '../../schema/filter/catalog.js';
import { type CheckedField, checkField } from '../../schema/filter/check-fields.js';
import { parseField } from '../../schema/filter/parse-lists.js';
import type { FilterField } from '../../schema/filter/tree.js';
import { PUBLISHED_TABLES } from '../../schema/published/cps-paper.js';
import { type PlannedRun, seededKey, settingsKey } from '../../schema/study-extension.js';
import type { Context } from '../context.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Budget } from '../graphql/budget.js';
import { refusal } from '../graphql/errors.js';
import type { RareClassesService } from '../rare-classes/rare-classes.service.js';
import { type FieldNames, refused } from '../runs/filter/field-names.js';
import type { ClassPlaces } from '../runs/filter/field-sql.js';
import type { RunConditions, RunFilters } from '../runs/filter/run-filters.js';
import type { StudiesService } from '../studies/studies.service.js';
import type { Study } from '../studies/study.entity.js';
import type { StudyQueueService } from '../studies/study-queue.service.js';
import { type Axis, axesOf, VARIANT } from './axes.js';
import type { ComparedRun } from './compared-run.js';
import { type NumbersTable, pivotOf } from './pivot.js';
import type { PivotArgs } from './pivots.inputs.js';
import type { PivotsRepository } from './pivots.repository.js';
import type { Pivot } from './pivots.types.js';
import { StudyVariants } from './study-variants.js';

const MOST_FIELDS = 5;
const MOST_RUNS = 5000;

/** The checked arguments of a table. */
interface Plan {
  rowAxes: Axis[];
  columnAxes: Axis[];
  value: FilterField;
  /** What the database reads besides settings. */
  fields: FilterField[];
  classes: ClassPlaces;
}

/** Tables of runs, of one study or of all. */
export class PivotsService {
  constructor(
    private readonly deps: {
      repository: PivotsRepository;
      names: FieldNames;
      filters: RunFilters;
      studies: StudiesService;
      studyQueue: StudyQueueService;
      datasets: DatasetsService;
      rareClasses: RareClassesService;
    },
  ) {}

  /**
   * The table of a study; an empty one if the study has been deleted meanwhile. Those of several studies with the same arguments
   * are read by one statement, and a refusal of one of them does not affect the others.
   */
  async ofStudy(context: Context, study: Study, args: PivotArgs): Promise<Pivot> {
    const loader = context.loaders.of<NumbersTable>(`pivots ${canonical(args)}`, async (ids) => {
      const plan = await this.planned(args, true);
      const small = await this.withoutHuge(context, ids);
      const runs = await this.read(context.budget, plan, { studyIds: small, condition: null });
      const byStudy = new Map<string, ComparedRun[]>(small.map((studyId) => [studyId, []]));
      for (const run of runs) byStudy.get(run.studyId!)!.push(run);
      const tables = await Promise.allSettled(
        ids.map(async (studyId) => {
          const study = await this.deps.studies.load(context, studyId);
          const own = byStudy.get(studyId);
          if (!own || own.length > MOST_RUNS) throw refusal('TABLE_OF_TOO_MANY_RUNS', { most: MOST_RUNS });
          // A study and its runs are deleted together.
          if (!study) return this.tableOf(plan, [], [], { ...args, baseline: null });
          const planned = this.deps.studyQueue.planned(study);
          const variants = new StudyVariants(study, () => planned);
          return this.tableOf(withVariants(plan, variants), own, missingOf(planned, own), args);
        }),
      );
      return tables.map((table) => (table.status === 'fulfilled' ? table.value : table.reason));
    });
    const table = (await loader.load(study.id))!;
    return { ...table, withValue: (value) => this.ofStudy(context, study, otherValue(args, value)) };
  }

  /** Of several studies, those whose tables are not refused for the number of their runs. */
  private async withoutHuge(context: Context, ids: readonly string[]): Promise<string[]> {
    const counts = await Promise.all(ids.map((id) => this.deps.studies.runCounts(context, id)));
    return ids.filter((_, i) => counts[i]!.total <= MOST_RUNS);
  }

  /** The table of all runs that meet a condition. */
  async ofRuns(budget: Budget, conditions: RunConditions, args: PivotArgs): Promise<Pivot> {
    const condition = await this.deps.filters.condition(conditions);
    const plan = await this.planned(args, false);
    const table = await this.tableOf(plan, await this.read(budget, plan, { studyIds: null, condition }), [], args);
    return { ...table, withValue: (value) => this.ofRuns(budget, conditions, otherValue(args, value)) };
  }

  private read(
    budget: Budget,
    { value, fields, classes }: Plan,
    which: { studyIds: readonly string[] | null; condition: Awaited<ReturnType<RunFilters['condition']>> },
  ): Promise<ComparedRun[]> {
    return budget.rows(async (limit) => {
      const most = Math.min(limit, MOST_RUNS * (which.studyIds?.length ?? 1) + 1);
      const runs = await this.deps.repository.runs({ ...which, value, fields, classes, limit: most });
      if (runs.length <= MOST_RUNS * (which.studyIds?.length ?? 1)) return runs;
      throw refusal('TABLE_OF_TOO_MANY_RUNS', { most: MOST_RUNS });
    });
  }

  private async tableOf(
    { rowAxes, columnAxes, value }: Plan,
    runs: readonly ComparedRun[],
    missing: PlannedRun[],
    { baseline, published }: Pick<PivotArgs, 'baseline' | 'published'>,
  ): Promise<NumbersTable> {
    const chosen = baseline == null ? null : runs.find(({ id }) => id === baseline);
    if (chosen === undefined) throw refusal('BASELINE_NOT_IN_TABLE', { id: baseline! });
    if (published && !isMeanIouOnVal(value)) {
      throw refusal('PUBLISHED_OTHER_VALUE');
    }
    const table = published ? PUBLISHED_TABLES[published] : null;
    const rare = 'score' in value && value.score === 'rare_miou' ? await this.rareNames(runs) : [];
    return pivotOf({ rowAxes, columnAxes, value, runs, missing, baseline: chosen, published: table, rare });
  }

  /** The names of the rare classes of each dataset that the runs have. */
  private async rareNames(runs: readonly ComparedRun[]): Promise<string[][]> {
    const ids = [...new Set(runs.map(({ datasetId }) => datasetId))];
    const [datasets, rare] = await Promise.all([this.deps.datasets.byIds(ids), this.deps.rareClasses.of(ids)]);
    return datasets.map(({ id, classes }) => (rare.get(id) ?? []).map((index) => classes[index]!.name));
  }

  /**
   * Looks up the fields.
   * @param ofStudy whether runs have variants
   * @throws BAD_USER_INPUT for a field that no run could have, or a value that is not a number
   */
  private async planned({ rows, columns, value }: PivotArgs, ofStudy: boolean): Promise<Plan> {
    for (const [name, fields] of Object.entries({ rows, columns })) {
      if (fields.length > MOST_FIELDS)
        throw refusal('TOO_MANY_FIELDS', { field: name, most: MOST_FIELDS, count: fields.length });
    }
    const given = [
      ...rows.map((text, i) => ({ place: `rows[${i}]`, text })),
      ...columns.map((text, i) => ({ place: `columns[${i}]`, text })),
      { place: 'value', text: value },
    ];
    const parsed = given.map(({ place, text }) => ({ place, ...refused(place, () => parseField(text)) }));
    const { catalog, classes } = await this.deps.names.of(parsed.map(({ field }) => field));
    const checked = parsed.map(({ place, field, character }) => {
      if (ofStudy && place !== 'value' && 'path' in field && field.path.toLowerCase() === VARIANT) return VARIANT;
      const group = place === 'value' ? null : groupOf(field, [...catalog.settings.keys()]);
      return group === null ? refused(place, () => checkField(field, catalog, character)) : { group };
    });
    const measured = checked.pop() as CheckedField;
    if (!isNumber(measured.type)) throw refusal('VALUE_WITHOUT_MEAN', { name: value });
    const axes = axesOf(checked, 0);
    const fields = axes.flatMap(({ field }) => field ?? []);
    return {
      rowAxes: axes.slice(0, rows.length),
      columnAxes: axes.slice(rows.length),
      value: measured.field,
      fields,
      classes,
    };
  }
}

const withVariants = ({ rowAxes, columnAxes, ...plan }: Plan, variants: StudyVariants): Plan => {
  const filled = (axis: Axis): Axis => (axis.variants ? { ...axis, variants } : axis);
  return { ...plan, rowAxes: rowAxes.map(filled), columnAxes: columnAxes.map(filled) };
};

/** The path of a group of settings, such as `split`; null for anything else. */
function groupOf(field: FilterField, settings: readonly string[]): string | null {
  if (!('path' in field)) return null;
  const path = field.path.replace(/^config\./, '');
  // If the run has a field of this name, that field is meant, unless the name begins with `config.`.
  if (path === 'method' && path === field.path) return null;
  return settings.some((each) => each.startsWith(`${path}.`)) ? path : null;
}

function missingOf(planned: readonly PlannedRun[], runs: readonly ComparedRun[]): PlannedRun[] {
  if (planned.length === 0) return [];
  const keys = new Map<ComparedRun['settings'], string>();
  const known = new Set(
    runs.map(({ settings, seed }) => {
      const key = keys.get(settings) ?? settingsKey(settings.config);
      keys.set(settings, key);
      return seededKey(seed, key);
    }),
  );
  return planned.filter(({ key }) => !known.has(key));
}

/** The same table of another number. What a paper reports is only of the first one. */
const otherValue = (args: PivotArgs, value: string): PivotArgs => ({ ...args, value, published: null });

const isMeanIouOnVal = (field: FilterField): boolean =>
  'score' in field && field.score === 'miou' && (field.subset ?? 'VAL') === 'VAL';
