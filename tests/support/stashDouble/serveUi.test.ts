import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPlugin } from '../pluginHost/loadPlugin.ts';
import { tempFolder } from '../tempFolder.ts';
import type { StashDouble } from './startStashDouble.ts';
import { ask, testDouble } from './testClient.ts';

/** A double that serves a page, and a plugin with files of its own. */
async function withUi(): Promise<StashDouble> {
  const folder = tempFolder();
  mkdirSync(join(folder, 'web', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'one.js'), 'one()');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'web', 'deep', 'page.js'), 'page()');
  const yml = join(folder, 'Sample.yml');
  writeFileSync(
    yml,
    'name: Sample\nui:\n  javascript: [one.js, gone.js]\n  assets: {/: web}\n  csp: {connect-src: [http://elsewhere]}\n',
  );
  const double = await testDouble();
  double.ui.served = {
    plugins: [{ manifest: loadPlugin(yml), folder }],
    indexHtml: '<html><base href="/" /></html>',
    files: { '/assets/own.js': 'own()' },
  };
  return double;
}

test('the page answers every path without extension, with its policy and the base of a proxy', async () => {
  const { url } = await withUi();
  const page = await fetch(`${url}/scenes/12`, { headers: { 'X-Forwarded-Prefix': '/stash/' } });
  expect(await page.text()).toBe('<html><base href="/stash/" /></html>');
  const policy = page.headers.get('Content-Security-Policy');
  expect(policy).toContain("connect-src data: 'self' ws: wss: http://elsewhere;");
  expect(policy).toContain("style-src 'self' 'unsafe-inline';");
  expect(await (await fetch(`${url}/assets/own.js`)).text()).toBe('own()');
  expect((await fetch(`${url}/assets/gone.js`)).status).toBe(404);
});

test('below /plugin/ are files of plugins, and nothing else', async () => {
  const { url } = await withUi();
  const got = async (path: string) => {
    const reply = await fetch(`${url}/plugin/${path}`);
    return reply.status === 200 ? await reply.text() : reply.status;
  };
  // One that cannot be read leaves a gap.
  expect(await got('Sample/javascript')).toBe('one()\n\n');
  expect(await got('Sample/assets/deep/page.js?v=1')).toBe('page()');
  for (const path of [
    'Sample',
    'sample',
    'Sample/assets/secret.txt',
    'Sample/assets/..%2Fsecret.txt',
    'Other/javascript',
  ])
    expect(await got(path), path).toBe(404);
});

test('plugins are listed with the addresses of their files', async () => {
  const double = await withUi();
  const { data } = await ask(double, '{ plugins { id enabled paths { javascript css } settings { name } } }');
  expect(data).toEqual({
    plugins: [
      {
        id: 'Sample',
        enabled: true,
        paths: { javascript: [`${double.url}/plugin/Sample/javascript`], css: null },
        settings: [],
      },
    ],
  });
});

test('there is no page until a test brings one', async () => {
  const double = await testDouble();
  expect((await fetch(`${double.url}/scenes`)).status).toBe(404);
  expect((await ask(double, '{ plugins { id } }')).data).toEqual({ plugins: [] });
});
