import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enabledPythonPlugin, pythonDataFolder } from '../../src/takeover/pythonFolders.ts';
import { deferredJob, waiting, writeFile, writeQueue } from '../support/pythonPlugin/pythonFolder.ts';
import { YML_PATH } from '../support/startWorld.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { openTakeover } from './openTakeover.ts';

const PYTHON_YML = 'name: Stash2Plex\nexec:\n  - python\n  - "{pluginDir}/Stash2Plex.py"\ninterface: raw\n';

/** A plugins folder, and this plugin in it. */
function plugins() {
  const folder = join(tempFolder(), 'stash', 'plugins');
  const pluginFolder = join(folder, 'Stash2Plex');
  const installation = { pluginFolder, dataFolder: join(pluginFolder, 'data'), isDataFolderGiven: false };
  mkdirSync(pluginFolder, { recursive: true });
  const write = (name: string, text = '') => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('Stash2Plex/Stash2Plex.yml', readFileSync(YML_PATH, 'utf8'));
  return { folder, installation, write };
}

describe('pythonDataFolder', () => {
  it('is our own data folder when it holds anything of the Python plugin', () => {
    const { installation, folder } = plugins();
    expect(pythonDataFolder(installation, true)).toBeUndefined();
    writeFile(join(folder, 'Stash2Plex-old', 'data'), 'sync_timestamps.json', {});
    writeFile(installation.dataFolder, 'sync_timestamps.json', {});
    expect(pythonDataFolder(installation, true)).toBe(installation.dataFolder);
  });

  it.each([
    'Stash2Plex-1.6.14/data',
    'renamed/data',
    'community/Stash2Plex/data',
    '../old-plugins-of-stash2plex/data',
  ])('is found in %s beside ours', (name) => {
    const { installation, folder, write } = plugins();
    write('renamed/Stash2Plex.py');
    writeFile(join(folder, name), 'dlq.db', 'x');
    expect(pythonDataFolder(installation, true)).toBe(join(folder, name));
  });

  it('is found beside the folder that a package source has', () => {
    const { folder } = plugins();
    const pluginFolder = join(folder, 'stable', 'Stash2Plex');
    mkdirSync(pluginFolder, { recursive: true });
    rmSync(join(folder, 'Stash2Plex', 'Stash2Plex.yml'));
    writeFile(join(folder, 'Stash2Plex', 'data'), 'dlq.db', 'x');
    const installation = { pluginFolder, dataFolder: join(pluginFolder, 'data'), isDataFolderGiven: false };
    expect(pythonDataFolder(installation, true)).toBe(join(folder, 'Stash2Plex', 'data'));
  });

  it('is the one that was written last of several', () => {
    const { installation, folder } = plugins();
    const [older, newer] = ['Stash2Plex.1', 'Stash2Plex.2'].map((name) => join(folder, name, 'data'));
    for (const data of [older, newer]) writeFile(data ?? '', 'sync_timestamps.json', {});
    const later = new Date(Date.UTC(2025, 5, 1));
    utimesSync(join(newer ?? '', 'sync_timestamps.json'), later, later);
    expect(pythonDataFolder(installation, true)).toBe(newer);
  });

  it('is no other plugin with such files, and nobody else when STASH_PLUGIN_DATA names the folder, or after a take-over', () => {
    const { installation, folder } = plugins();
    writeFile(join(folder, 'OtherPlugin', 'data'), 'queue/data.db', 'x');
    expect(pythonDataFolder(installation, true)).toBeUndefined();
    writeFile(join(folder, 'Stash2Plex-old', 'data'), 'queue/data.db', 'x');
    expect(pythonDataFolder({ ...installation, isDataFolderGiven: true }, true)).toBeUndefined();
    expect(pythonDataFolder(installation, false)).toBeUndefined();
  });
});

describe('enabledPythonPlugin', () => {
  it('names a folder beside ours from which Stash starts the Python plugin', () => {
    const { installation, folder, write } = plugins();
    expect(enabledPythonPlugin(installation)).toBeUndefined();
    write('Stash2Plex-old/Stash2Plex.yml', PYTHON_YML);
    expect(enabledPythonPlugin(installation)).toBe(join(folder, 'Stash2Plex-old'));
    rmSync(join(folder, 'Stash2Plex-old', 'Stash2Plex.yml'));
    write('Stash2Plex-old/Stash2Plex.yml.off', PYTHON_YML);
    expect(enabledPythonPlugin(installation)).toBeUndefined();
    // Another id, the same plugin.
    write('Stash2Plex-old/Sync.yml', PYTHON_YML);
    expect(enabledPythonPlugin(installation)).toBe(join(folder, 'Stash2Plex-old'));
  });

  it('is neither a second copy of this plugin nor another plugin', () => {
    const { installation, write } = plugins();
    write('Stash2Plex-copy/Stash2Plex.yml', readFileSync(YML_PATH, 'utf8'));
    write('Other/Other.yml', PYTHON_YML);
    expect(enabledPythonPlugin(installation)).toBeUndefined();
  });
});

describe('taking over from another plugin folder', () => {
  it('is refused while Stash starts both, and done when the other one is out of its sight, with the state it had', () => {
    const plugin = openTakeover();
    const python = join(dirname(plugin.pluginFolder), 'Stash2Plex-python');
    writeQueue(join(python, 'data'), [waiting(deferredJob(1))]);
    writeFile(join(python, 'data'), 'device_id.json', { device_id: 'b4f55120' });
    writeFile(join(python, 'data'), 'stats.json', { jobs_processed: 7 });
    writeFile(plugin.dataFolder, 'stats.json', { jobs_processed: 1 });
    writeFileSync(join(python, 'Stash2Plex.yml'), PYTHON_YML);
    expect(plugin.takeOver()).toBe(false);
    expect(plugin.said()).toEqual([
      `warn: The Python version of Stash2Plex is still installed in ${python}, and Stash starts both: remove that ` +
        "folder's .yml file and reload the plugins. Its queue is taken over afterwards; nothing of it was touched.",
    ]);
    expect(plugin.rows('SELECT * FROM jobs')).toEqual([]);
    rmSync(join(python, 'Stash2Plex.yml'));
    expect(plugin.takeOver()).toBe(true);
    expect(plugin.rows('SELECT scene_id FROM jobs')).toEqual([{ scene_id: 1 }]);
    expect(JSON.parse(readFileSync(join(plugin.dataFolder, 'device_id.json'), 'utf8'))).toEqual({
      device_id: 'b4f55120',
    });
    expect(readFileSync(join(plugin.dataFolder, 'stats.json'), 'utf8')).toBe('{"jobs_processed":1}');
    expect(plugin.record()?.backup).toBe(join(python, 'data', 'python-plugin-2026-01-11'));
    expect(plugin.takeOver()).toBe(false);
  });
});
