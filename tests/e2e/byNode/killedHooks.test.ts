// The same with hooks that Node records, as on Windows and wherever the launcher cannot do it surely.
process.env['STASH2PLEX_TEST_HOOKS'] = 'node';
await import('../killedHooks.test.ts');
