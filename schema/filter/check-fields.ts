import type { Mistake } from '../problems/problem.js';
import type { FieldType, FilterCatalog } from './catalog.js';
import { hinted, nearest } from './nearest.js';
import { filterMistake } from './reasons.js';
import {
  type AlarmField,
  CLASS_SCORES,
  FilterError,
  type FilterField,
  type PathField,
  RUN_SCORES,
  type ScoreField,
  SETTINGS,
} from './tree.js';

const PICKS = ['NEWEST', 'BEST'];

/** A field that runs can have, with names as they are stored, and what it holds. */
export interface CheckedField {
  field: FilterField;
  type: FieldType;
}

/**
 * Checks the names in a field, whatever their case. A setting becomes `config.` and its path.
 * @param character where the field is in its text; null if there is none
 * @throws FilterError for a field that no run could have
 */
export function checkField(field: FilterField, catalog: FilterCatalog, character: number | null): CheckedField {
  return new Check(catalog, character).of(field);
}

class Check {
  constructor(
    private readonly catalog: FilterCatalog,
    private readonly character: number | null,
  ) {}

  private fail(mistake: Mistake): never {
    throw new FilterError(mistake, this.character);
  }

  of(field: FilterField): CheckedField {
    if ('path' in field) return this.path(field);
    if ('alarm' in field) return { field: this.alarm(field), type: { types: ['boolean'] } };
    if ('score' in field) return { field: this.score(field), type: { types: ['number'] } };
    const { series } = this.catalog;
    if (series && !series.includes(field.metric)) {
      this.fail(filterMistake('UNKNOWN_SERIES', ...hinted(field.metric, series)));
    }
    return { field, type: { types: ['number'] } };
  }

  private path({ path }: PathField): CheckedField {
    const { fields, settings } = this.catalog;
    const own = [...fields].find(([name]) => name.toLowerCase() === path.toLowerCase());
    if (own) return { field: { path: own[0] }, type: own[1] };
    const setting = path.startsWith(SETTINGS) ? path.slice(SETTINGS.length) : path;
    const type = settings.get(setting);
    if (type) return { field: { path: SETTINGS + setting }, type };
    return this.fail(this.unknownPath(path, setting));
  }

  private unknownPath(path: string, setting: string): Mistake {
    const settings = [...this.catalog.settings.keys()];
    const within = settings.filter((each) => each.startsWith(`${setting}.`));
    if (within.length > 0) return filterMistake('GROUP_OF_SETTINGS', { name: path, settings: within.slice(0, 12) });
    const near = nearest(path, [...RUN_SCORES, ...this.catalog.fields.keys()]) ?? nearest(setting, settings);
    // People who leave out the group usually mean one that ends in the name.
    const ending = settings.find((each) => each.endsWith(`.${setting}`));
    const meant = near ?? ending ?? null;
    const words = meant
      ? `did you mean "${meant}"?`
      : 'runs have no such field, and their configurations no such setting';
    return filterMistake('UNKNOWN_FIELD', { name: path, nearest: meant }, { meant: words });
  }

  private score(field: ScoreField): ScoreField {
    const { score, class: ofClass, network, subset, pick } = field;
    const isOfClass = (CLASS_SCORES as readonly string[]).includes(score);
    if (isOfClass && ofClass === undefined) this.fail(filterMistake('CLASS_NEEDED', { score }));
    if (!isOfClass && ofClass !== undefined) this.fail(filterMistake('NO_CLASS', { score }));
    const { classes, networks, subsets } = this.catalog;
    if (ofClass !== undefined && classes && !classes.includes(ofClass)) {
      this.fail(filterMistake('UNKNOWN_CLASS', ...hinted(ofClass, classes)));
    }
    return {
      score,
      ...(ofClass !== undefined && { class: ofClass }),
      ...(network !== undefined && { network: this.oneOf('UNKNOWN_NETWORK', network, networks) }),
      ...(subset !== undefined && { subset: this.oneOf('UNKNOWN_SUBSET', subset, subsets) }),
      ...(pick !== undefined && { pick: this.oneOf('UNKNOWN_PICK', pick, PICKS) }),
    };
  }

  private alarm({ alarm, active }: AlarmField): AlarmField {
    const kind = alarm === null ? null : this.oneOf('UNKNOWN_ALARM', alarm, this.catalog.alarms);
    return active === undefined ? { alarm: kind } : { alarm: kind, active };
  }

  private oneOf(
    unknown: 'UNKNOWN_NETWORK' | 'UNKNOWN_SUBSET' | 'UNKNOWN_PICK' | 'UNKNOWN_ALARM',
    name: string,
    known: readonly string[],
  ): string {
    const found = known.find((each) => each.toLowerCase() === name.toLowerCase());
    return found ?? this.fail(filterMistake(unknown, ...hinted(name, known)));
  }
}
