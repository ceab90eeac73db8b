import { useEffect } from 'react';

/**
 * Takes the place of the package `react-style-singleton`, which GraphiQL's dialogs use to keep the page from scrolling: it adds a
 * <style> element, which the policy of our pages forbids. A constructed style sheet does the same (vite.config.ts).
 */
export function styleSingleton() {
  const sheet = new CSSStyleSheet();
  let users = 0;
  return function Style({ styles }: { styles: string }) {
    useEffect(() => {
      if (users++ === 0) {
        sheet.replaceSync(styles);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }
      return () => {
        if (--users > 0) return;
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      };
    }, [styles]);
    return null;
  };
}
