import { renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadPlugin } from './loadPlugin.ts';
import { writePlugin } from './temporaryPlugin.ts';

function load(yml: string) {
  return loadPlugin(writePlugin({ 'example.yml': yml }));
}

describe('loadPlugin', () => {
  test('reads every key that Stash knows (PH-1)', () => {
    const manifest = load(`
name: Example
description: Example raw plugin
url: https://example.org
version: 1.0
interface: raw
errLog: info
exec: [node, "{pluginDir}/main.js"]
tasks:
  - name: Full sync
    description: Walks all scenes
    execArgs: [--full]
    defaultArgs: {mode: full}
hooks:
  - name: Scene changes
    triggeredBy: [Scene.Create.Post, Scene.Update.Post]
settings:
  apiUrl: {displayName: Server URL, type: STRING}
  limit: {type: NUMBER, description: How many}
  plain: {}
ui:
  css: [main.css]
  assets: {/: web}
  csp: {connect-src: [https://example.org]}
`);
    expect(manifest).toEqual({
      id: 'example',
      name: 'Example',
      description: 'Example raw plugin',
      url: 'https://example.org',
      version: '1.0',
      interface: 'raw',
      errLog: 'info',
      exec: ['node', '{pluginDir}/main.js'],
      tasks: [
        {
          name: 'Full sync',
          description: 'Walks all scenes',
          execArgs: ['--full'],
          defaultArgs: { mode: 'full' },
        },
      ],
      hooks: [
        {
          name: 'Scene changes',
          description: '',
          execArgs: [],
          defaultArgs: {},
          triggeredBy: ['Scene.Create.Post', 'Scene.Update.Post'],
        },
      ],
      settings: {
        apiUrl: { type: 'STRING', displayName: 'Server URL', description: '' },
        limit: { type: 'NUMBER', displayName: '', description: 'How many' },
        plain: { type: 'STRING', displayName: '', description: '' },
      },
      ui: {
        requires: [],
        javascript: [],
        css: ['main.css'],
        assets: { '/': 'web' },
        csp: { 'script-src': [], 'style-src': [], 'connect-src': ['https://example.org'] },
      },
    });
  });

  test('takes the id from the file name without its last extension (PH-1)', () => {
    const path = writePlugin({ 'example.yml': 'name: x' });
    const dotted = path.replace('example.yml', 'a.b.yml');
    renameSync(path, dotted);
    expect(loadPlugin(dotted).id).toBe('a.b');
  });

  test('takes no notice of files with another extension (PH-1)', () => {
    expect(() => loadPlugin('/plugins/example.yaml')).toThrow('.yml');
  });

  test('defaults to the raw interface (PH-1)', () => {
    expect(load('name: x').interface).toBe('raw');
  });

  test('makes strings of all default arguments, as they are written (PH-1)', () => {
    const { tasks } = load(`
tasks:
  - name: t
    defaultArgs: {five: 5, yes: true, price: 1.50, none: ~, text: "007", on: off}
`);
    expect(tasks[0]?.defaultArgs).toEqual({
      five: '5',
      yes: 'true',
      price: '1.50',
      none: '',
      text: '007',
      on: 'off',
    });
  });

  test.each([
    ['an unknown key', 'name: x\ncolour: red', 'colour'],
    ['an unknown key of a task', 'tasks:\n  - name: x\n    timeout: 5', 'timeout'],
    ['triggeredBy on a task', 'tasks:\n  - name: x\n    triggeredBy: [Scene.Update.Post]', 'triggeredBy'],
    ['an unknown key of a setting', 'settings:\n  a:\n    default: 5', 'default'],
    ['a flat setting', 'settings:\n  type: STRING', 'settings.type'],
    ['a duplicate key', 'name: x\nname: y', 'already set'],
    ['exec as a scalar', 'exec: node', 'exec'],
    ['a list as name', 'name: [x]', 'name'],
    ['a list in defaultArgs', 'tasks:\n  - name: x\n    defaultArgs: {a: [1]}', 'defaultArgs.a'],
    ['a map in defaultArgs', 'hooks:\n  - name: x\n    defaultArgs: {a: {b: 1}}', 'defaultArgs.a'],
    ['tasks as a map', 'tasks: {name: x}', 'tasks'],
    ['an unknown interface', 'interface: grpc', 'interface'],
    ['an unknown setting type', 'settings:\n  a: {type: SECRET}', 'type'],
    ['an empty file', '# nothing', 'not a map'],
    ['a null document', '---\n~', 'not a map'],
    ['broken yaml', 'name: [x', ''],
  ])('refuses %s (PH-1)', (_, yml, message) => {
    expect(() => load(yml)).toThrow(message);
  });
});
