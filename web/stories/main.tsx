import '../theme/theme.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadPreferredLanguage, useLanguage } from '../messages/language.js';
import type { Stories } from './stories.js';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/layout.css';
import '../styles/parts.css';
import '../styles/tables.css';
import '../styles/charts.css';
import '../styles/samples.css';
import '../styles/forms.css';

const MODULES = import.meta.glob<{ stories: Stories }>('../{components,charts,samples}/*.stories.tsx', { eager: true });

/** Every component in every state, on one page that only the development server and a test serve. */
function AllStories() {
  return (
    <main key={useLanguage()}>
      <h1>Stories</h1>
      {Object.entries(MODULES).map(([path, { stories }]) => (
        <section key={path} aria-label={path}>
          <h2>{path.replace(/^\.\.\/|\.stories\.tsx$/g, '')}</h2>
          {Object.entries(stories).map(([name, Story]) => (
            <div key={name} data-story={name}>
              <h3 className="soft">{name}</h3>
              <Story />
            </div>
          ))}
        </section>
      ))}
    </main>
  );
}

await loadPreferredLanguage();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AllStories />
  </StrictMode>,
);
