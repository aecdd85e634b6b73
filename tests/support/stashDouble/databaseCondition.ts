/**
 * How Stash's database is.
 * - `ready`: it answers.
 * - `needsSetup`: Stash was never set up.
 * - `needsMigration`: a newer Stash was started on an older database; the user must confirm the migration.
 * - `locked`: another process writes for longer than Stash waits.
 */
export type DatabaseCondition = 'ready' | 'needsSetup' | 'needsMigration' | 'locked';

/** The error of every resolver that needs the database; null if it answers. */
export function databaseError(condition: DatabaseCondition): string | null {
  if (condition === 'ready') return null;
  return condition === 'locked' ? 'database is locked' : 'database not initialized';
}

/** `systemStatus.status`; a lock does not show there. */
export function systemStatusOf(condition: DatabaseCondition): 'OK' | 'SETUP' | 'NEEDS_MIGRATION' {
  if (condition === 'needsSetup') return 'SETUP';
  return condition === 'needsMigration' ? 'NEEDS_MIGRATION' : 'OK';
}
