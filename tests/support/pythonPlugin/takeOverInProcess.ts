import { takeOverHere } from './takeOverHere.ts';

// A process of its own: `takeOverInProcess.ts <plugin folder> <now>` says "ready", waits for a byte, takes over and tells how long it took.
const [pluginFolder = '', nowMs = '0'] = process.argv.slice(2);
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  const startedAt = performance.now();
  takeOverHere(pluginFolder, Number(nowMs));
  process.stdout.write(`${performance.now() - startedAt}\n`, () => process.exit());
});
