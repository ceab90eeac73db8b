/** Text as HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** A part of the page, with a heading that can be linked to; nothing without content. */
export function section(id: string, title: string, content: string, note = ''): string {
  if (content === '') return '';
  const explained = note === '' ? '' : `<p class="note">${escaped(note)}</p>`;
  return `<section id="${id}"><h2>${escaped(title)}</h2>${explained}${content}</section>`;
}

export const list = (kind: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<ul class="${kind}">${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;

/** A table. Cells are HTML; those of all columns but the first `textColumns` are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], textColumns = 1): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell, column) => `<${tag}${column < textColumns ? '' : ' class="number"'}>${cell}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('');
  return `<div class="scroll"><table><thead><tr>${cells('th', head.map(escaped))}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export interface Figure {
  /** Data URLs of one or more pictures, with what each shows. */
  pictures: { source: string; alt: string }[];
  caption: string;
  detail?: string;
}

export function figures(all: readonly Figure[]): string {
  if (all.length === 0) return '';
  const one = ({ pictures, caption, detail }: Figure) => {
    const images = pictures.map(
      ({ source, alt }) => `<img src="${source}" alt="${escaped(alt)}" title="${escaped(alt)}">`,
    );
    const more = detail === undefined ? '' : `<span>${escaped(detail)}</span>`;
    return `<figure><div class="pictures">${images.join('')}</div><figcaption><b>${escaped(caption)}</b>${more}</figcaption></figure>`;
  };
  return `<div class="figures">${all.map(one).join('')}</div>`;
}

export const swatch = ([red, green, blue]: readonly number[]): string =>
  `<i class="swatch" style="background:rgb(${red},${green},${blue})"></i>`;
