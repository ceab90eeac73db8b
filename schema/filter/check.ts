import type { FieldType, FilterCatalog } from './catalog.js';
import { checkValue } from './check-values.js';
import { nearest, withHint } from './nearest.js';
import { printField } from './print.js';
import {
  type AlarmField,
  CLASS_SCORES,
  type Comparison,
  type Filter,
  FilterError,
  type FilterField,
  isComparison,
  MOST_COMPARISONS,
  MOST_LEVELS,
  type PathField,
  partsOf,
  RUN_SCORES,
  type ScoreField,
} from './tree.js';

const PICKS = ['NEWEST', 'BEST'];
const SETTINGS = 'config.';

/**
 * Checks names and types. Returns the filter with names of states, networks, subsets and alarms as they are stored, whatever their
 * case was, and with settings that have the name of no field as `config.` and their path.
 * @param characterOf where a comparison is in the text that was parsed
 * @throws FilterError for the first comparison that no run could be meant by
 */
export function checkFilter(
  filter: Filter,
  catalog: FilterCatalog,
  characterOf: (comparison: Comparison) => number | undefined = () => undefined,
): Filter {
  let comparisons = 0;
  const check = (part: Filter, level: number): Filter => {
    if (level > MOST_LEVELS) throw new FilterError(`conditions may be nested ${MOST_LEVELS} levels deep`, null);
    if (isComparison(part)) {
      comparisons += 1;
      if (comparisons > MOST_COMPARISONS) {
        throw new FilterError(`a filter may have ${MOST_COMPARISONS} comparisons`, characterOf(part) ?? null);
      }
      return new Check(catalog, part, characterOf(part) ?? null).comparison();
    }
    const parts = partsOf(part).map((each) => check(each, level + 1));
    if (parts.length === 0) throw new FilterError('"and" and "or" need at least one condition', null);
    if ('not' in part) return { not: parts[0]! };
    return 'and' in part ? { and: parts } : { or: parts };
  };
  return check(filter, 1);
}

/** The check of one comparison. */
class Check {
  constructor(
    private readonly catalog: FilterCatalog,
    private readonly given: Comparison,
    private readonly character: number | null,
  ) {}

  comparison(): Comparison {
    const [field, type] = this.field(this.given.field);
    const value = checkValue(this.given, type, (problem) => this.fail(`${printField(this.given.field)} ${problem}`));
    return value === undefined ? { field, op: this.given.op } : { field, op: this.given.op, value };
  }

  private fail(problem: string): never {
    throw new FilterError(problem, this.character);
  }

  private field(field: FilterField): [FilterField, FieldType] {
    if ('path' in field) return this.path(field);
    if ('alarm' in field) return [this.alarm(field), { types: ['boolean'] }];
    if ('score' in field) return [this.score(field), { types: ['number'] }];
    const { series } = this.catalog;
    if (series && !series.includes(field.metric)) {
      this.fail(`no run has a series ${withHint(field.metric, series)}`);
    }
    return [field, { types: ['number'] }];
  }

  private path({ path }: PathField): [PathField, FieldType] {
    const { fields, settings } = this.catalog;
    const own = [...fields].find(([name]) => name.toLowerCase() === path.toLowerCase());
    if (own) return [{ path: own[0] }, own[1]];
    const setting = path.startsWith(SETTINGS) ? path.slice(SETTINGS.length) : path;
    const type = settings.get(setting);
    if (type) return [{ path: SETTINGS + setting }, type];
    return this.fail(this.unknownPath(path, setting));
  }

  private unknownPath(path: string, setting: string): string {
    const settings = [...this.catalog.settings.keys()];
    const within = settings.filter((each) => each.startsWith(`${setting}.`));
    if (within.length > 0) return `"${path}" is a group of settings: ${within.slice(0, 12).join(', ')}`;
    const near = nearest(path, [...RUN_SCORES, ...this.catalog.fields.keys()]) ?? nearest(setting, settings);
    // People who leave out the group usually mean one that ends in the name.
    const ending = settings.find((each) => each.endsWith(`.${setting}`));
    const meant = near ?? ending;
    return `"${path}" is unknown; ${meant ? `did you mean "${meant}"?` : 'runs have no such field, and their configurations no such setting'}`;
  }

  private score(field: ScoreField): ScoreField {
    const { score, class: ofClass, network, subset, pick } = field;
    const isOfClass = (CLASS_SCORES as readonly string[]).includes(score);
    if (isOfClass && ofClass === undefined) this.fail(`${score} needs a class, such as ${score}("traffic light")`);
    if (!isOfClass && ofClass !== undefined) this.fail(`${score} is of all classes; for one class, use iou`);
    const { classes, networks, subsets } = this.catalog;
    if (ofClass !== undefined && classes && !classes.includes(ofClass)) {
      this.fail(`no dataset has a class ${withHint(ofClass, classes)}`);
    }
    return {
      score,
      ...(ofClass !== undefined && { class: ofClass }),
      ...(network !== undefined && { network: this.oneOf('network', network, networks) }),
      ...(subset !== undefined && { subset: this.oneOf('subset', subset, subsets) }),
      ...(pick !== undefined && { pick: this.oneOf('pick', pick, PICKS) }),
    };
  }

  private alarm({ alarm, active }: AlarmField): AlarmField {
    const kind = alarm === null ? null : this.oneOf('kind of alarm', alarm, this.catalog.alarms);
    return active === undefined ? { alarm: kind } : { alarm: kind, active };
  }

  private oneOf(what: string, name: string, known: readonly string[]): string {
    const found = known.find((each) => each.toLowerCase() === name.toLowerCase());
    return found ?? this.fail(`there is no ${what} ${withHint(name, known)}`);
  }
}
