import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createPluginHost } from './createPluginHost.ts';
import type { PluginHost, PluginHostOptions } from './PluginHost.ts';
import { type ServerConnection, sessionCookie } from './ServerConnection.ts';

/** A connection that leads nowhere, for plugins that do not call back. */
export const DEAD_CONNECTION: ServerConnection = {
  Scheme: 'http',
  Host: '0.0.0.0',
  Port: 9999,
  SessionCookie: sessionCookie('MTc2ODExMjIzM3w='),
  Dir: '/root/.stash',
  PluginDir: '',
};

const DEFAULT_YML = `
name: Example
exec:
  - node
  - "{pluginDir}/main.mjs"
tasks:
  - name: Run
`;

/** Writes a throw-away plugin into a temporary folder, removed after the test. Returns the yml's path. */
export function writePlugin(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'plugin-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content, { mode: 0o755 });
  }
  return join(directory, 'example.yml');
}

/** The host of a throw-away plugin whose `main.mjs` is `script`; `node` is the one that runs the test. */
export function temporaryPlugin(
  script: string,
  options: Partial<PluginHostOptions> & { readonly yml?: string } = {},
): PluginHost {
  const { yml = DEFAULT_YML, ...rest } = options;
  return createPluginHost({
    ymlPath: writePlugin({ 'example.yml': yml, 'main.mjs': script }),
    connection: () => DEAD_CONNECTION,
    nodePath: dirname(process.execPath),
    ...rest,
  });
}
