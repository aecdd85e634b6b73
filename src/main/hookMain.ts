/** What begins with SQLite: a bundle of its own, loaded from Node's compile cache. */
export { enterDrainer } from './enterDrainer.ts';
export { runRelevantHook } from './runRelevantHook.ts';
