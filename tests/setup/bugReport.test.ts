import { describe, expect, it } from 'vitest';
import { startSetupBench } from '../support/startSetupBench.ts';

describe('the report of a fault', () => {
  it('says what was found, and nothing of who and where somebody is', async () => {
    const bench = await startSetupBench();
    const { plex, stash, setup, store, dataFolder } = bench;
    stash.auth.apiKey = 'the-very-secret-api-key';
    plex.library.addSection({ title: 'Erikas Geheimnisse', locations: ['/volume1/erika/privat'] });
    plex.library.addSection({ title: 'Serien', type: 'show', locations: ['/volume1/serien'] });
    stash.scenes.add({ files: ['/data/privat/Meine Tante Frieda.mkv'] });
    const tokened = plex.url.replace('http://', 'http://erika:passwort@');
    store({
      plex_url: tokened,
      plex_library: 'Films, Serien',
      path_map: '/volume1/erika=>/daten',
      max_tagz: 5,
    });
    const first = await bench.check();
    store({ plex_library: '' });
    const second = await bench.check();
    store({ plex_library: 'Tante', path_map: 'privat und fertig' });
    const fourth = await bench.check();
    await plex.stop();
    const third = await bench.check();
    for (const { report } of [first, second, third, fourth]) {
      expect(report).toContain('Check Setup of Stash2Plex');
      const secrets = [
        plex.token,
        'passwort',
        stash.auth.apiKey,
        setup.machine.hostName,
        setup.machine.userName,
      ];
      const places = [
        '127.0.0.1',
        dataFolder,
        '/volume1',
        '/data/',
        'Tante',
        'privat',
        'Geheimnisse',
        'Serien',
        'Plex double',
      ];
      for (const text of [...secrets, ...places, '0123456789abcdef']) expect(report).not.toContain(text);
    }
    expect(first.report).toMatch(
      /\[WRONG\] Libraries, plex_library: plex_library: "[a-z0-9]+" holds no films/,
    );
    expect(second.report).toMatch(
      /No item: "\/[a-z0-9]+\/[a-z0-9]+\/[a-z0-9]+\.mkv": Plex has no item of its name/,
    );
    expect(second.report).toContain('"max_tagz" is stored');
    expect(third.report).toMatch(
      /\[WRONG\] Plex, Reached: Plex does not answer at http:<host>:\d+ \(ECONNREFUSED\)\./,
    );
  });
});
