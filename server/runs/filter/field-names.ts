import type { FilterCatalog } from '../../../schema/filter/catalog.js';
import { type CheckedField, checkField } from '../../../schema/filter/check-fields.js';
import { ALARM_KINDS, NETWORKS, SUBSETS } from '../../../schema/filter/names.js';
import { parseField } from '../../../schema/filter/parse-lists.js';
import { settingTypes } from '../../../schema/filter/settings.js';
import { FilterError, type FilterField } from '../../../schema/filter/tree.js';
import { refusal } from '../../graphql/errors.js';
import type { RareClassesService } from '../../rare-classes/rare-classes.service.js';
import { type ClassPlaces, RARE } from './field-sql.js';
import type { FiltersRepository } from './filters.repository.js';
import { RUN_FIELDS } from './run-fields.js';

const NO_CLASSES: ClassPlaces = new Map();
/** Datasets are never deleted, so a name that is unknown is a mistake. */
const DATASET = 'dataset';

/** Fields that were checked, and what their SQL needs. */
export interface KnownFields {
  fields: CheckedField[];
  classes: ClassPlaces;
}

/** Knows what fields runs have, and what they are called. */
export class FieldNames {
  private readonly settings = settingTypes();

  constructor(
    private readonly deps: {
      repository: FiltersRepository;
      rareClasses: RareClassesService;
    },
  ) {}

  /** The names that these fields may have. Reads only those that they need. */
  async of(fields: readonly FilterField[]): Promise<{ catalog: FilterCatalog; classes: ClassPlaces }> {
    const hasClass = fields.some((field) => 'score' in field && field.class !== undefined);
    const hasMetric = fields.some((field) => 'metric' in field);
    const hasDataset = fields.some((field) => 'path' in field && field.path.toLowerCase() === DATASET);
    const isRare = fields.some((field) => 'score' in field && field.score === 'rare_miou');
    const { repository, rareClasses } = this.deps;
    const [classes, rare, series, datasets] = await Promise.all([
      hasClass ? repository.classes() : NO_CLASSES,
      isRare ? rareClasses.of(null) : null,
      hasMetric ? repository.series() : null,
      hasDataset ? repository.datasets() : null,
    ]);
    return {
      classes: rare ? new Map([...classes, [RARE, Object.fromEntries(rare)]]) : classes,
      catalog: {
        fields: datasets ? withValues(DATASET, datasets) : RUN_FIELDS,
        settings: this.settings,
        series,
        classes: [...classes.keys()],
        networks: NETWORKS,
        subsets: SUBSETS,
        alarms: ALARM_KINDS,
      },
    };
  }

  /**
   * The fields in texts such as `network.width` or `iou("traffic light")`.
   * @throws BAD_USER_INPUT that names the text by `argument` and its index, and the character
   */
  async fields(argument: string, texts: readonly string[]): Promise<KnownFields> {
    const place = (index: number) => `${argument}[${index}]`;
    const parsed = texts.map((text, index) => refused(place(index), () => parseField(text)));
    const { catalog, classes } = await this.of(parsed.map(({ field }) => field));
    const fields = parsed.map(({ field, character }, index) =>
      refused(place(index), () => checkField(field, catalog, character)),
    );
    return { fields, classes };
  }
}

const withValues = (name: string, values: string[]): FilterCatalog['fields'] =>
  new Map([...RUN_FIELDS, [name, { ...RUN_FIELDS.get(name)!, values }]]);

/** Turns a FilterError into BAD_USER_INPUT that names the argument, with the extension `character`. */
export function refused<T>(argument: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { character, mistake } = error;
    const parameters = { argument, problem: error.message };
    const problems = [{ field: argument, ...mistake }];
    throw refusal('FILTER_INVALID', parameters, { problems, ...(character !== null && { character }) });
  }
}
