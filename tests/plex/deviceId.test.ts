import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../src/log/logger.ts';
import { openDeviceId } from '../../src/plex/deviceId.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const { log } = recordingLog();

/** As a new process asks. */
const deviceId = (path: string, logger: Logger) => openDeviceId(path, logger)();

describe('deviceId', () => {
  it('is made on first use, in a folder that need not exist, and stays (DI-1)', async () => {
    const path = join(tempFolder(), 'deep', 'down', 'device_id.json');
    const id = await deviceId(path, log);
    expect(id).toMatch(UUID);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ device_id: id });
    expect(await deviceId(path, log)).toBe(id);
  });

  it('is another one in another folder (DI-1)', async () => {
    expect(await deviceId(join(tempFolder(), 'a.json'), log)).not.toBe(
      await deviceId(join(tempFolder(), 'a.json'), log),
    );
  });

  it.each(['a3bb189e-8bf9-3892-ad12-ed3b5c17e8a1', 'any text at all', '1'])(
    'is the one that is there already, and the file stays as it is: %s (DI-1)',
    async (existing) => {
      const path = join(tempFolder(), 'device_id.json');
      const content = JSON.stringify({ device_id: existing, device_name: 'Stash2Plex Plugin' });
      writeFileSync(path, content);
      expect(await deviceId(path, log)).toBe(existing);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it.each([
    '',
    '{"device_id": "a3bb',
    '{}',
    '{"device_id": ""}',
    '{"device_id": null}',
    '{"device_id": 7}',
    '[]',
    'null',
  ])('is made anew when the file holds none: %s (DI-1)', async (content) => {
    const path = join(tempFolder(), 'device_id.json');
    writeFileSync(path, content);
    const id = await deviceId(path, log);
    expect(id).toMatch(UUID);
    expect(await deviceId(path, log)).toBe(id);
  });

  it('keeps the rest of a file that lacks only the identifier', async () => {
    const path = join(tempFolder(), 'device_id.json');
    writeFileSync(path, '{"device_id": "", "made_by": "hand"}');
    const id = await deviceId(path, log);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ device_id: id, made_by: 'hand' });
  });

  it('sets a damaged file aside with one warning instead of overwriting it (W27)', async () => {
    const { log, lines } = recordingLog();
    const folder = tempFolder();
    const path = join(folder, 'device_id.json');
    writeFileSync(path, '{"device_id": "a3bb189e-8bf9-3892-ad12-ed3b5c1');
    await deviceId(path, log);
    const contents = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(contents.filter((text) => text.includes('a3bb189e'))).toHaveLength(1);
    expect(lines).toEqual([{ level: 'warn', text: expect.stringContaining('damaged and set aside') }]);
  });

  it('is one for all who ask at the same time', async () => {
    const path = join(tempFolder(), 'device_id.json');
    const ids = await Promise.all(Array.from({ length: 8 }, () => deviceId(path, log)));
    expect(new Set(ids).size).toBe(1);
  });

  it('leaves nothing beside its file', async () => {
    const folder = tempFolder();
    await deviceId(join(folder, 'device_id.json'), log);
    expect(readdirSync(folder)).toEqual(['device_id.json']);
  });
});

describe('a file that cannot be used', () => {
  const obstacles: [string, () => string][] = [
    [
      'it is a folder',
      () => {
        const path = join(tempFolder(), 'device_id.json');
        mkdirSync(path);
        return path;
      },
    ],
    [
      'its folder cannot be made',
      () => {
        const folder = tempFolder();
        writeFileSync(join(folder, 'file'), '');
        return join(folder, 'file', 'device_id.json');
      },
    ],
    [
      'it cannot be locked',
      () => {
        const path = join(tempFolder(), 'device_id.json');
        writeFileSync(`${path}.locked`, 'neither a lock nor removable as one');
        return path;
      },
    ],
  ];

  it.each(obstacles)('costs one warning, and a name that stays stands in: %s', async (_, obstructed) => {
    const path = obstructed();
    const { log, lines } = recordingLog();
    const ask = openDeviceId(path, log);
    const id = await ask();
    expect(id).toMatch(UUID);
    expect(await ask()).toBe(id);
    expect(lines).toEqual([{ level: 'warn', text: expect.stringContaining(path) }]);
    expect(await deviceId(path, log)).toBe(id);
    expect(await deviceId(`${path}/other`, log)).not.toBe(id);
  });
});
