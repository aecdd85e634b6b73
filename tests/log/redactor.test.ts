import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/log/redactor.ts';

describe('createRedactor', () => {
  it('masks every occurrence of a secret, also percent-encoded', () => {
    const redactor = createRedactor();
    redactor.add('MTc2+ODE/M==');
    expect(redactor.redact('MTc2+ODE/M== and session=MTc2%2BODE%2FM%3D%3D, MTc2+ODE/M==')).not.toMatch(
      /MTc2/,
    );
  });

  it('takes a secret literally', () => {
    const redactor = createRedactor();
    redactor.add('a.*b');
    redactor.add('$&$&');
    expect(redactor.redact('a.*b axxb $&$&')).toBe('**** axxb ****');
  });

  it('masks the whole of a secret that begins with another one', () => {
    const redactor = createRedactor();
    redactor.add('abcdefgh');
    redactor.add('abcdefgh-renewed');
    expect(redactor.redact('session=abcdefgh-renewed')).not.toContain('renewed');
  });

  it('forgets a secret that is one no more, and no other', () => {
    const redactor = createRedactor();
    redactor.add('first+1');
    redactor.add('second+2');
    redactor.forget('first+1');
    redactor.forget('never added');
    expect(redactor.redact('first+1 first%2B1 second+2 second%2B2')).toBe('first+1 first%2B1 **** ****');
  });

  it('leaves texts alone that are too short to be secrets', () => {
    const redactor = createRedactor();
    for (const short of [undefined, '', 'abc']) redactor.add(short);
    expect(redactor.redact('an abc')).toBe('an abc');
  });

  it.each([
    'GET http://plex:32400/x?X-Plex-Token=s3cr3t&y=1',
    'http://plex/?x-plex-token=s3cr3t',
    'http://stash/scene/1/stream?apikey=s3cr3t"',
    'http://user:s3cr3t@plex:32400 does not answer',
  ])('masks what looks like a credential in %j without having been told', (text) => {
    expect(createRedactor().redact(text)).not.toContain('s3cr3t');
  });

  it('keeps the rest of an address readable', () => {
    expect(createRedactor().redact('http://plex/?X-Plex-Token=abcdef&type=1')).toBe(
      'http://plex/?X-Plex-Token=****&type=1',
    );
  });
});
