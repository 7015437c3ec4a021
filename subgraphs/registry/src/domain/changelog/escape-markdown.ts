const longest = 200;

/**
 * A text of unknown origin as words of a line of Markdown (GitHub's and GitLab's): no markup, no HTML, no link, nobody
 * called by name, no cell or line of its own. What is too long for a cell is cut.
 */
export function escapeMarkdown(text: string): string {
  // Cut by characters, so that none is torn in two.
  const characters = [
    ...text
      .slice(0, 4 * longest)
      .replace(/[\s\p{C}]+/gu, ' ')
      .trim(),
  ];
  const short =
    characters.length > longest ? `${characters.slice(0, longest).join('')}…` : characters.join('');
  return short
    .replace(/[\\`*[\](){}#!|~$^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=\/\/)/g, '\\$&')
    .replace(/[&<>@]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/www\./gi, (found) => `${found.slice(0, -1)}\\.`);
}
