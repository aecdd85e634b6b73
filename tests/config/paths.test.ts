import { isAbsolute, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';

describe('resolvePaths', () => {
  it.each([{}, { STASH_PLUGIN_DATA: '' }, { STASH_PLUGIN_DATA: ' ' }])(
    'keeps data beside the plugin with %j',
    (env) => {
      const paths = resolvePaths(env, '/opt/plugins/s2p');
      expect(paths.dataFolder).toBe(resolve('/opt/plugins/s2p/data'));
      expect(paths.database).toBe(join(paths.dataFolder, 'stash2plex.db'));
      expect(paths.deviceId).toBe(join(paths.dataFolder, 'device_id.json'));
      expect(paths.drainerLog).toBe(join(paths.dataFolder, 'hook_autodrain.log'));
      expect(paths.processSlots).toBe(join(paths.dataFolder, 'proc_slots'));
    },
  );

  it('keeps the names of the state files, so that the folder of an earlier version can be taken over', () => {
    const paths = resolvePaths({}, '/opt/s2p');
    const { dataFolder } = paths;
    expect(paths).toMatchObject({
      circuitBreaker: join(dataFolder, 'circuit_breaker.json'),
      outageHistory: join(dataFolder, 'outage_history.json'),
      recoveryState: join(dataFolder, 'recovery_state.json'),
      reconciliationState: join(dataFolder, 'reconciliation_state.json'),
      stats: join(dataFolder, 'stats.json'),
    });
  });

  it('keeps data where STASH_PLUGIN_DATA says', () => {
    const paths = resolvePaths({ STASH_PLUGIN_DATA: '/data/s2p' }, '/opt/plugins/s2p');
    expect(paths.dataFolder).toBe(resolve('/data/s2p'));
    expect(paths.drainerLog).toBe(resolve('/data/s2p/hook_autodrain.log'));
  });

  it('gives absolute paths only, because a drainer may run in another folder than its hook', () => {
    const env = { STASH_PLUGIN_DATA: 'relative/data', STASH2PLEX_HOOK_AUTODRAIN_LOG: 'drain.log' };
    for (const path of Object.values(resolvePaths(env, 'plugins/s2p'))) {
      expect(path).toSatisfy(isAbsolute);
    }
  });
});
