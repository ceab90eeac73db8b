import './api/no-eval.js';
import './theme/theme.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { Router } from 'wouter';
import { pathPrefix } from './api/base.js';
import { client } from './api/client.js';
import { openSession } from './api/session.js';
import { App } from './app/app.js';
import { loadPreferredLanguage } from './messages/language.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/tables.css';
import './styles/charts.css';
import './styles/samples.css';
import './styles/forms.css';

const root = createRoot(document.getElementById('root')!);
const render = () =>
  root.render(
    <StrictMode>
      <Provider value={client}>
        <Router base={pathPrefix}>
          <App />
        </Router>
      </Provider>
    </StrictMode>,
  );
// If the server is unavailable, the page says so, and the images are missing until it is loaded again.
const session = openSession().catch(() => {});
Promise.all([loadPreferredLanguage(), session]).then(render);
