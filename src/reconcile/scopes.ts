import type { Settings } from '../config/settings.ts';

/** Which scenes a run looks at; under the names of the original (specification 13.1). */
export type ReconcileScope = 'all' | 'recent' | 'recent_7days' | 'missing_metadata';

/** What a scope means. */
export interface ScopeDefinition {
  /** For the user and the state file. */
  label: string;
  /** Only scenes that were created or changed within so many seconds: several operations of Stash change a scene without a hook. */
  withinSecs?: number;
  /** Only scenes whose Plex item is empty (W-57). */
  isOnlyEmpty?: boolean;
}

const DAY_SECS = 86_400;

export const SCOPES: Readonly<Record<ReconcileScope, ScopeDefinition>> = {
  all: { label: 'all scenes' },
  recent: { label: 'last 24 hours', withinSecs: DAY_SECS },
  recent_7days: { label: 'last 7 days', withinSecs: 7 * DAY_SECS },
  missing_metadata: { label: 'missing metadata', isOnlyEmpty: true },
};

const BY_SETTING: Readonly<Record<Settings['reconcile_scope'], ReconcileScope>> = {
  all: 'all',
  '24h': 'recent',
  '7days': 'recent_7days',
};

/** The scope that the setting `reconcile_scope` names. */
export function scopeOf({ reconcile_scope }: Pick<Settings, 'reconcile_scope'>): ReconcileScope {
  return BY_SETTING[reconcile_scope];
}
