import { isObject } from '../../../schema/is-object.js';
import { parseStoredConfig } from '../../../schema/stored-config.js';
import { CopyBlock } from '../../components/copy-block.js';
import { t } from '../../messages/t.js';

/** The whole configuration: readable sections, and the JSON that reproduces the run. */
export function ConfigPanel({ config }: { config: Record<string, unknown> }) {
  // The database does not keep the order of keys; parsing restores the order of the schema.
  const checked = parseStoredConfig(config);
  const ordered: Record<string, unknown> = checked.ok ? checked.config : config;
  const json = JSON.stringify(ordered, null, 2);
  const entries = Object.entries(ordered);
  const plain = entries.filter(([, value]) => !isObject(value));
  const sections = entries.filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]));
  return (
    <section aria-labelledby="config-title">
      <h2 id="config-title">{t('run.config')}</h2>
      <div className="config-grid">
        <ConfigSection title={t('run.configGeneral')} values={Object.fromEntries(plain)} />
        {sections.map(([title, values]) => (
          <ConfigSection key={title} title={title} values={values} />
        ))}
      </div>
      <details>
        <summary>{t('run.asJson')}</summary>
        <CopyBlock text={json} />
      </details>
    </section>
  );
}

function ConfigSection({ title, values }: { title: string; values: Record<string, unknown> }) {
  return (
    <div className="config-section">
      <h3>{title}</h3>
      <dl>
        {Object.entries(values).map(([key, value]) => (
          <div key={key}>
            <dt>{words(key)}</dt>
            <dd className="num">{shown(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** "learningRate" → "learning rate" */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(value: unknown): string {
  if (value === null) return t('common.none');
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (isObject(value)) {
    const parts = Object.entries(value);
    return parts.map(([key, part]) => `${words(key)} ${shown(part)}`).join(', ');
  }
  if (Array.isArray(value) && value.length === 0) return t('common.none');
  return Array.isArray(value) ? value.map(shown).join(', ') : String(value);
}
