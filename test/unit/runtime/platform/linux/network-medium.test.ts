import { describe, expect, it } from 'vitest';
import { parseMediumUrl } from '../../../../../runtime/platform/linux/boot-options.ts';
import { mountUrlArgv } from '../../../../../runtime/platform/linux/network-medium.ts';

describe('parseMediumUrl', () => {
  it.each([
    ['quiet mediasmith.url=http://10.0.2.2:8080/medium mediasmith.medium=a', 'http://10.0.2.2:8080/medium/'],
    ['mediasmith.url=https://deploy.example/\n', 'https://deploy.example/'],
    ['mediasmith.url=http://[fd00::1]/a%20b/', 'http://[fd00::1]/a%20b/'],
  ])('%j', (commandLine, url) => {
    expect(parseMediumUrl(commandLine)?.href).toBe(url);
  });

  it.each(['', 'quiet mediasmith.medium=a', 'mediasmith.url='])(
    '%j names none: the medium is a stick or disc',
    (line) => {
      expect(parseMediumUrl(line)).toBeUndefined();
    },
  );

  it.each(['mediasmith.url=server/medium', 'mediasmith.url=tftp://server/', 'mediasmith.url=http://'])(
    '%j is a mistake of whoever wrote the boot menu',
    (line) => {
      expect(() => parseMediumUrl(line)).toThrow('is not the address of a web server');
    },
  );
});

it('mountUrlArgv', () => {
  expect(mountUrlArgv(new URL('http://server/medium/'), '/tmp/medium-x')).toEqual([
    '/usr/lib/mediasmith/mount-url',
    'http://server/medium/',
    '/tmp/medium-x',
  ]);
});
