import type { Settings } from '../../config/settings.ts';
import type { SceneExtra } from '../../stash/SceneExtra.ts';

/** The settings of the gates. */
export type GateSettings = Pick<Settings, Extract<keyof Settings, `gate_${string}`>>;

/** What scenes have to be read with for these gates; nothing while they are open. */
export function gateExtras(settings: GateSettings): SceneExtra[] {
  const extras: SceneExtra[] = [];
  if (settings.gate_organized) extras.push('organized');
  if (settings.gate_stash_id.length > 0) extras.push('endpoints');
  if (settings.gate_include_tags.length + settings.gate_exclude_tags.length > 0) extras.push('tagIds');
  if (settings.gate_include_studios.length + settings.gate_exclude_studios.length > 0)
    extras.push('studioId');
  return extras;
}

/** Names of the settings that are not as if there were no gates. */
export function gatesInForce(settings: GateSettings): string[] {
  const isOn = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
  return Object.entries(settings)
    .filter(([key, value]) => key.startsWith('gate_') && isOn(value))
    .map(([key]) => key)
    .sort();
}

/** The same text for the same gates; empty while all are open. */
export function gatesKey(settings: GateSettings): string {
  const inForce = gatesInForce(settings).map((key) => [key, settings[key as keyof GateSettings]]);
  return inForce.length === 0 ? '' : JSON.stringify(inForce);
}
