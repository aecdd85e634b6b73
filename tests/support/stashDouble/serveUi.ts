import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { PluginManifest } from '../pluginHost/PluginManifest.ts';
import { type Reply, reply } from './Reply.ts';

/** A plugin whose files the web UI loads. */
export interface UiPlugin {
  readonly manifest: PluginManifest;
  /** Where its yml is. */
  readonly folder: string;
}

/** The web UI: Stash's own page, and the plugins' parts of it. */
export interface StashUi {
  readonly plugins: readonly UiPlugin[];
  /** The page, with `<base href="/"` in it. */
  readonly indexHtml: string;
  /** The page's own files by their path. */
  readonly files: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
};

const notFound = () => reply(404, 'text/plain; charset=utf-8', 'Not Found');

/**
 * Serves the web UI as Stash does (section 18; `internal/api/server.go`, `routes_plugin.go`): below `/plugin/` files of plugins
 * and nothing else, so that a page of the UI there is a 404 when it is loaded anew; elsewhere any path without extension is the page.
 *
 * @param prefix of a reverse proxy; addresses of the page begin with it.
 * @returns undefined for what is none of the UI's.
 */
export function serveUi(ui: StashUi | null, path: string, prefix: string): Reply | undefined {
  if (ui === null) return undefined;
  if (path.startsWith('/plugin/')) return servePlugin(ui, path);
  if (extname(path) === '') {
    const html = ui.indexHtml.replace('<base href="/"', `<base href="${prefix}/"`);
    const page = reply(200, 'text/html; charset=utf-8', html);
    return { ...page, headers: { ...page.headers, ...securityHeaders(ui) } };
  }
  const content = ui.files[path];
  return content === undefined ? undefined : reply(200, TYPES[extname(path)] ?? 'text/plain', content);
}

function servePlugin({ plugins }: StashUi, path: string): Reply {
  const [, id, kind, rest = ''] = /^\/plugin\/([^/]+)\/(javascript|css|assets)(\/.*)?$/.exec(path) ?? [];
  const plugin = plugins.find(({ manifest }) => manifest.id === id);
  if (plugin === undefined) return notFound();
  const { ui } = plugin.manifest;
  if (kind !== 'assets') {
    const files = kind === 'css' ? ui.css : ui.javascript;
    // One that cannot be read only shows in Stash's log.
    const contents = files.map((file) => readIfThere(join(plugin.folder, file)) ?? '');
    return reply(
      200,
      kind === 'css' ? 'text/css' : 'text/javascript',
      contents.map((text) => `${text}\n`).join(''),
    );
  }
  const prefix = Object.keys(ui.assets).find((key) => key !== '/' && rest.startsWith(key)) ?? '/';
  const folder = ui.assets[prefix];
  if (folder === undefined) return notFound();
  const file = join(
    plugin.folder,
    folder,
    decodeURIComponent(rest.slice(prefix === '/' ? 0 : prefix.length)),
  );
  if (!file.startsWith(join(plugin.folder, folder))) return notFound();
  const content = readIfThere(file);
  return content === undefined ? notFound() : reply(200, TYPES[extname(file)] ?? 'text/plain', content);
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
}

/** What Stash sends with its page. */
function securityHeaders({ plugins }: StashUi): Record<string, string> {
  const added = (key: 'script-src' | 'style-src' | 'connect-src') =>
    plugins.flatMap(({ manifest }) => manifest.ui.csp[key]).map((source) => ` ${source}`);
  return {
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy':
      "default-src data: 'self' 'unsafe-inline'; " +
      `connect-src data: 'self' ws: wss:${added('connect-src').join('')}; img-src data: *; ` +
      `script-src 'self' http://www.gstatic.com https://www.gstatic.com 'unsafe-inline' 'unsafe-eval'${added('script-src').join('')}; ` +
      `style-src 'self' 'unsafe-inline'${added('style-src').join('')}; media-src blob: 'self'; ` +
      "worker-src blob:; child-src 'none'; object-src 'none'; form-action 'self';",
  };
}
