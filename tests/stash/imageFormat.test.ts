import { describe, expect, it } from 'vitest';
import { imageFormat } from '../../src/stash/imageFormat.ts';
import { tinyJpeg, tinyPng } from '../support/plexDouble/tinyImage.ts';

describe('imageFormat', () => {
  it.each([
    ['image/jpeg', tinyJpeg()],
    ['image/png', tinyPng()],
    ['image/webp', Buffer.from('RIFF1234WEBPVP8 ')],
    ['image/gif', Buffer.from('GIF87a....')],
  ])('knows %s by its first bytes (W-50)', (contentType, bytes) => {
    expect(imageFormat(bytes)).toEqual({ contentType });
  });

  it.each([
    ['an AVIF picture', Buffer.from('\0\0\0\x1cftypavif')],
    ['an AVIF picture', Buffer.from('\0\0\0\x1cftypavis')],
    ['a HEIC picture', Buffer.from('\0\0\0\x18ftypheic')],
    ['a JPEG XL picture', Buffer.from([0xff, 0x0a, 0x01])],
    ['a JPEG XL picture', Buffer.from('\0\0\0\x0cJXL \r\n')],
    ['a TIFF picture', Buffer.from('II*\0rest')],
    ['a BMP picture', Buffer.from('BM\x36\x00')],
    ['a video', Buffer.from('\0\0\0\x20ftypisom')],
    ['a video', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x01])],
    [undefined, Buffer.from('RIFF1234WAVEfmt ')],
    [undefined, Buffer.from([0xff, 0xd8])],
    [undefined, Buffer.from('PNG')],
  ])('names what Plex does not take: %s (W-50)', (unusable, bytes) => {
    expect(imageFormat(bytes)).toEqual({ unusable });
  });

  it.each([
    '',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '\uFEFF\n<?xml version="1.0"?><svg/>',
    '  <!doctype html><title>Login</title>',
  ])('takes %j for no cover at all: a placeholder or a page (W-50)', (text) => {
    expect(imageFormat(Buffer.from(text))).toBeUndefined();
  });
});
