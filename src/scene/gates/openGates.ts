import type { Logger } from '../../log/logger.ts';
import type { Scene } from '../../stash/Scene.ts';
import type { StashClient } from '../../stash/StashClient.ts';
import type { GateHold } from './Gate.ts';
import type { GateRules } from './GateRules.ts';
import { boxKey } from './GateRules.ts';
import { gateHold, gateHolds } from './gateHolds.ts';
import { type GateSettings, gatesInForce } from './gateSettings.ts';
import { pathGlob } from './pathGlob.ts';

/** The gates as they stand, for scenes that were read with `gateExtras`. Pure: they ask nobody. */
export interface Gates {
  /** The first gate that holds a scene back; undefined: it may be synced. */
  hold(scene: Scene): GateHold | undefined;
  /** Every gate that holds it back, each with its reason. */
  holds(scene: Scene): GateHold[];
}

/** Gates that stay as they are for a pass. */
export interface GateLookup {
  /** Looked up when first needed; a failed look-up is not remembered. @throws StashError */
  (): Promise<Gates>;
  /** The same settings, to be looked up anew: the user may have sorted tags and studios. */
  renewed(): GateLookup;
}

/** Nothing is held back. */
const OPEN: Gates = { hold: () => undefined, holds: () => [] };

/**
 * The gates of some settings. While all are open Stash is asked nothing for them; else for the tags and studios that they name, with all
 * that are below these. Names that Stash does not know are warned about once per opening.
 */
export function openGates({
  settings,
  stash,
  log,
}: {
  settings: GateSettings;
  stash: Pick<StashClient, 'family'>;
  log: Logger;
}): GateLookup {
  const told = new Set<string>();
  const warnOnce = (text: string) => {
    if (!told.has(text)) log.warn(text);
    told.add(text);
  };
  const isOpen = gatesInForce(settings).length === 0;
  const open = (): GateLookup => {
    let known: Promise<Gates> | undefined;
    const lookup = () => {
      known ??= rulesOf(settings, stash, warnOnce).then(gatesOf, (error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    };
    return Object.assign(isOpen ? async () => OPEN : lookup, { renewed: open });
  };
  return open();
}

function gatesOf(rules: GateRules): Gates {
  return { hold: (scene) => gateHold(scene, rules), holds: (scene) => gateHolds(scene, rules) };
}

async function rulesOf(
  settings: GateSettings,
  stash: Pick<StashClient, 'family'>,
  warn: (text: string) => void,
): Promise<GateRules> {
  const rules: GateRules = {};
  if (settings.gate_organized) rules.organized = true;
  const boxes = settings.gate_stash_id;
  if (boxes.length > 0) {
    const isAny = boxes.some((box) => box.toLowerCase() === 'any');
    rules.stash_id = isAny ? 'any' : new Set(boxes.map(boxKey));
  }
  if (settings.gate_include_paths.length > 0) rules.include_paths = settings.gate_include_paths.map(pathGlob);
  if (settings.gate_exclude_paths.length > 0) rules.exclude_paths = settings.gate_exclude_paths.map(pathGlob);
  if (settings.gate_min_rating > 0) rules.min_rating = settings.gate_min_rating;
  for (const [gate, kind] of FAMILIES) {
    const setting = `gate_${gate}` as const;
    const entries = settings[setting];
    if (entries.length === 0) continue;
    const { ids, unknown } = await stash.family(kind, entries);
    rules[gate] = ids;
    if (unknown.length > 0) warn(unknownText(setting, kind, unknown, ids.size === 0));
  }
  return rules;
}

const FAMILIES = [
  ['exclude_tags', 'tag'],
  ['exclude_studios', 'studio'],
  ['include_tags', 'tag'],
  ['include_studios', 'studio'],
] as const;

function unknownText(setting: string, kind: string, unknown: readonly string[], isAll: boolean): string {
  const names = unknown.map((name) => JSON.stringify(name)).join(', ');
  const what = `Setting ${setting}: Stash has no ${kind} ${names}; write it as Stash shows it, or enter its id.`;
  if (!isAll) return what;
  return setting.includes('include')
    ? `${what} Nothing of the setting is known, so every scene is held back.`
    : `${what} Nothing of the setting is known, so it holds nothing back.`;
}
