import { type GraphiQLPlugin, useEditorContext } from '@graphiql/react';
import type { DocExample } from '../../../schema/doc-examples.js';
import { t } from '../../messages/t.js';
import { EXAMPLES } from './examples.js';

/** The pane of GraphiQL with the examples of the documentation. */
export const examplesPlugin = (): GraphiQLPlugin => ({
  title: t('explorer.examples'),
  icon: ExamplesIcon,
  content: Examples,
});

function Examples() {
  const { queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const show = ({ document, variables }: DocExample) => {
    queryEditor?.setValue(document);
    variableEditor?.setValue(variables ?? '');
  };
  return (
    <section aria-label={t('explorer.examples')} className="explorer-examples">
      <div className="graphiql-doc-explorer-title">{t('explorer.examples')}</div>
      {EXAMPLES.map((examples) => (
        <div key={examples[0]!.page}>
          <h3>{examples[0]!.page}</h3>
          <ul>
            {examples.map((example) => (
              <li key={example.document}>
                <button
                  type="button"
                  className="graphiql-un-styled"
                  // The editors are loaded after everything else.
                  disabled={!queryEditor || !variableEditor}
                  onClick={() => show(example)}
                >
                  {example.title}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 5h11M4 10h11M4 15h7M4 20h7M15 14l5 3.5-5 3.5z" />
    </svg>
  );
}
