import { statfs } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { openPlex } from '../drain/openPlex.ts';
import { createPlexInspector } from '../plex/PlexInspector.ts';
import { checkSetup } from '../setup/checkSetup.ts';
import type { Machine, SetupContext } from '../setup/SetupContext.ts';
import { tryConnection, trySample } from '../setup/trySettings.ts';
import { tryExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Installation } from '../takeover/pythonFolders.ts';
import type { TaskContext } from '../tasks/Task.ts';
import type { ProcessBasis } from './processBasis.ts';

/** What a task can find out about the set-up. Nobody is asked anything yet. */
export function createSetupWork(basis: ProcessBasis, installation: Installation): TaskContext['setup'] {
  const context: SetupContext = {
    ...basis,
    installation,
    machine: thisMachine(),
    breaker: basis.reliability.breaker,
    stash: basis.stashAsItIs,
    stashUrl: basis.connection.baseUrl,
    async openPlex(settings) {
      const { client, http } = await openPlex(basis, settings);
      return { client, inspector: createPlexInspector(http) };
    },
  };
  return {
    check: (onProgress) => checkSetup(context, onProgress),
    tryConnection: (given) => tryConnection(given, context),
    trySample: (given, onScene) => trySample(given, context, onScene),
  };
}

function thisMachine(): Machine {
  return {
    nodeVersion: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    hostName: hostname(),
    userName: userName(),
    uid: process.geteuid?.(),
    async freeBytes(folder) {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    tryLock: (path) => tryExclusiveLock(path),
  };
}

/** Empty where the system knows no name for this process's number, as in many containers. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
