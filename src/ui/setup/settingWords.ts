import type { SettingView } from '../api/reports.ts';

/** The name of a setting below the heading of its group, which says already what `Gate - ` stands for in Stash's plain list. */
export function shownName({ displayName }: Pick<SettingView, 'displayName'>): string {
  const name = displayName.replace(/^Gate - /, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** What a setting does, without its default: a form says that beside each value. */
export function shownDescription({ description }: Pick<SettingView, 'description'>): string {
  return description.replace(/(^| )Default \S+?\.(?= |$)/, '').trim();
}
