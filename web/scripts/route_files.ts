// Writes into index.html which files a page consists of beyond the app's own, and links the font:
// the script there asks for them while the app is still on its way.
import type { Plugin, Rolldown } from 'vite';

/** By the names that the script in index.html knows. */
const pages: Record<string, string> = {
  project: 'src/features/projects/ProjectPage.tsx',
  editor: 'src/app/AnnotateRoute.tsx',
  en: 'src/i18n/en/app.ts',
  de: 'src/i18n/de/app.ts',
  'editor-en': 'src/i18n/en/editorPage.ts',
  'editor-de': 'src/i18n/de/editorPage.ts',
};
const font = /inter-latin-wght-normal.*\.woff2$/;
const fontLink = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '' };
const placeholder = '/* files of pages */ {}';

type Bundle = Rolldown.OutputBundle;

function chunksOf(bundle: Bundle): Map<string, Rolldown.OutputChunk> {
  const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
  return new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
}

/** A chunk and all that it imports at once, with their styles, less what is in `known`. */
function closure(chunks: ReturnType<typeof chunksOf>, start: string, known: ReadonlySet<string>) {
  const files = new Set<string>();
  const visit = (file: string) => {
    const chunk = chunks.get(file);
    if (!chunk || files.has(file) || known.has(file)) return;
    files.add(file);
    chunk.imports.forEach(visit);
    for (const sheet of chunk.viteMetadata?.importedCss ?? []) files.add(sheet);
  };
  visit(start);
  return files;
}

export function filesOfPages(bundle: Bundle): Record<string, string[]> {
  const chunks = chunksOf(bundle);
  const all = [...chunks.values()];
  const entry = all.find((chunk) => chunk.isEntry);
  if (!entry) throw new Error('the build has no entry');
  const known = closure(chunks, entry.fileName, new Set());
  return Object.fromEntries(
    Object.entries(pages).map(([page, source]) => {
      const chunk = all.find(({ facadeModuleId }) => facadeModuleId?.endsWith(source));
      if (!chunk) throw new Error(`the build has no chunk for ${source}`);
      return [page, [...closure(chunks, chunk.fileName, known)]];
    }),
  );
}

export function routeFiles(): Plugin {
  return {
    name: 'route-files',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (!bundle) return html;
        if (!html.includes(placeholder)) throw new Error(`index.html has no "${placeholder}"`);
        const href = Object.keys(bundle).find((file) => font.test(file));
        if (!href) throw new Error('the build has no font');
        return {
          html: html.replace(placeholder, JSON.stringify(filesOfPages(bundle))),
          tags: [{ tag: 'link', attrs: { ...fontLink, href: `/${href}` }, injectTo: 'head' }],
        };
      },
    },
  };
}
