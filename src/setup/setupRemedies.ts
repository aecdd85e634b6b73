/**
 * What helps, for everything that a check of the set-up may find fault with. Each is provoked by a test (`tests/setup/remedies`) and
 * explained in docs/troubleshooting.md.
 */
export const SETUP_REMEDIES = {
  folder:
    "Let Stash's user write to the data folder, or name one on a local disk by STASH_PLUGIN_DATA in Stash's environment.",
  owner: 'Give the data folder and all that is in it to the user that Stash runs as.',
  journal:
    "Nothing is lost by it. Faster is a data folder on a local disk, named by STASH_PLUGIN_DATA in Stash's environment.",
  locks:
    "Name a data folder on a local disk by STASH_PLUGIN_DATA in Stash's environment: without locks two processes may work on one scene.",
  space: 'Free some space on the disk of the data folder: without any, events cannot be recorded.',
  notSetUp: 'Enter it under Settings > Plugins > Stash2Plex, and run "Check Setup" again.',
  settingValue: 'Correct the setting under Settings > Plugins > Stash2Plex.',
  unknownSetting: 'No setting has this name, so it does nothing: correct a slip of the pen, or leave it.',
  switchedOff: 'Switch the setting "enabled" on: events are recorded meanwhile, and synced then.',
  masterOff: 'Switch the setting "sync_master" on: until then no field of any scene is synced.',
  stashUnreachable: 'See in its log whether Stash is busy or starting, and run "Check Setup" again.',
  stashRefused:
    'Generate an API key in Stash (Settings > Security): Stash2Plex reads it and uses it from then on.',
  stashOld: 'Install Stash 0.26 or newer.',
  stashDatabase: 'Open Stash in a browser and let it end its set-up or the migration of its database.',
  stashSession:
    'Generate an API key in Stash (Settings > Security), or let sessions live for an hour: the background process is signed out otherwise.',
  plexUnreachable:
    'Start Plex, and enter the plex_url under which the machine or container of Stash reaches it: in Docker, localhost is the container itself.',
  plexAddress:
    'Enter the address of the Plex server itself as plex_url, without a proxy or login page before it.',
  plexAsTold: 'Do what the line says, and run "Check Setup" again.',
  plexToken:
    'Enter a valid token of the owner of the server as plex_token, taken from an app that the owner is signed in to.',
  plexOwner:
    "Enter a token of the server's owner as plex_token: to anybody else Plex does not show where files are.",
  plexFails: 'Look at Plex\'s own log, and run "Check Setup" again when Plex is well.',
  noLibrary: 'Make a library of the type Movies or Other Videos in Plex, with the folders of your scenes.',
  libraryName:
    'Correct plex_library: the names of your libraries, separated by commas, or nothing for all of them.',
  emptyLibrary: 'Let Plex scan the library, and see that its folders are those of your scenes.',
  clock:
    'Let the machines take their time from the network (NTP): what happened first is told by their clocks.',
  autodrain:
    "Remove STASH2PLEX_HOOK_AUTODRAIN from Stash's environment: until then nothing is synced but by the task Process Queue.",
  drainer: 'Run "Process Queue", or save any scene: either starts the background process.',
  obstacle: 'Settle what the background process waits for: it goes on by itself then.',
  circuit: 'Nothing is to be done: Plex is asked again by itself. Look at Plex if it lasts.',
  deadLetters: 'Run "List Failed Jobs": it says for each reason what helps. Then run "Retry Failed Jobs".',
  python:
    'Remove or rename the .yml file in that folder, and reload the plugins: two versions must not run at once.',
  takeover:
    'Settle what is in the way of taking over what the Python plugin has left: each task tries it again.',
  misses: 'See the reason that is given for each of these scenes.',
  pathMap: 'Enter this value as path_map, and run "Check Setup" again.',
} as const;

/** Names one of {@link SETUP_REMEDIES}. */
export type SetupRemedy = keyof typeof SETUP_REMEDIES;
