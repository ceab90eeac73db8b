import { PluginContextProvider } from '@graphiql/react';
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { useEffect, useState } from 'react';
import { addressOf } from '../../api/base.js';
import { socket } from '../../api/client.js';
import { authorization } from '../../api/token.js';
import { examplesPlugin } from './examples-plugin.js';
import 'graphiql/style.css';
import './explorer.css';
import { usePageTitle } from '../../components/use-page-title.js';
import { t } from '../../messages/t.js';

const send = createGraphiQLFetcher({
  url: addressOf('/graphql'),
  wsClient: socket,
  fetch: (address, init) => {
    const headers = new Headers(init?.headers);
    const header = authorization();
    if (header) headers.set('authorization', header);
    return fetch(address, { ...init, headers });
  },
});

/**
 * GraphiQL parses the document a moment after it was typed. Executed at once, a subscription would be taken for what the editor
 * held before, and sent over HTTP.
 */
const fetcher: Fetcher = (request, options) =>
  send(request, { ...options, documentAST: parsed(request.query) ?? options?.documentAST });

/** Undefined if it is not valid; the server says why. */
function parsed(document: string): DocumentNode | undefined {
  try {
    return parse(document);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

const welcome = () =>
  `# ${t('explorer.welcome')}\n\n{\n  runs(first: 5) {\n    totalCount\n    edges { node { number name state } }\n  }\n}\n`;

/**
 * GraphiQL for whoever is signed in. It is loaded only when this page is opened. What was written stays in the browser's tab, and
 * is gone when the tab is closed.
 */
export function ExplorerPage() {
  usePageTitle(t('shell.api'));
  const [plugin] = useState(examplesPlugin);
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  return (
    <div className="explorer">
      {ready ? (
        <GraphiQL
          fetcher={fetcher}
          plugins={[plugin]}
          visiblePlugin={plugin}
          defaultQuery={welcome()}
          storage={sessionStorage}
          isHeadersEditorEnabled={false}
          showPersistHeadersSettings={false}
          inputValueDeprecation
        />
      ) : (
        // GraphiQL hides the pane of examples unless it is the visible one already when GraphiQL is mounted.
        <PluginContextProvider plugins={[plugin]} visiblePlugin={plugin}>
          {null}
        </PluginContextProvider>
      )}
    </div>
  );
}
