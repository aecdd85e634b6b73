import { describe, expect, it } from 'vitest';
import { InputError, parsePluginInput } from '../../src/config/pluginInput.ts';

const CONNECTION = { Scheme: 'http', Host: '0.0.0.0', Port: 9999 };

describe('parsePluginInput', () => {
  it("reads Stash's document, escapes included", () => {
    const text = `{"server_connection":${JSON.stringify(CONNECTION)},"args":{"mode":"a\\u003cb"}}`;
    expect(parsePluginInput(text)).toEqual({ serverConnection: CONNECTION, args: { mode: 'a<b' } });
  });

  it.each(['{"server_connection":{}}', '{"server_connection":{},"args":null}'])(
    'reads %s as no args',
    (text) => {
      expect(parsePluginInput(text)).toEqual({ serverConnection: {}, args: {} });
    },
  );

  it.each(['', ' \n', '{', 'null', '[]', '"x"', '{}', '{"server_connection":[]}'])(
    'refuses %j with one sentence for the user',
    (text) => {
      expect(() => parsePluginInput(text)).toThrow(InputError);
    },
  );

  it('refuses args that are no object', () => {
    expect(() => parsePluginInput('{"server_connection":{},"args":[1]}')).toThrow(/"args"/);
  });

  it('does not quote a broken document, which holds the session cookie', () => {
    const text = '{"server_connection":{"SessionCookie":{"Value":"MTc2ODExMjI5OXxE"}},';
    expect(() => parsePluginInput(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('MTc2') }),
    );
  });
});
