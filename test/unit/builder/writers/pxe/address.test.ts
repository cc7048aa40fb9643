import { describe, expect, it } from 'vitest';
import { treeAddress } from '../../../../../builder/writers/pxe/address.ts';

describe('treeAddress', () => {
  it('is the server the boot files came from where none is given', () => {
    expect(treeAddress(undefined)).toEqual({
      grub: 'http://$net_default_server/',
      ipxe: `http://\${server}/`,
      text: expect.stringContaining('http://SERVER/'),
    });
  });

  it.each([
    ['http://server', 'http://server/'],
    ['http://10.0.0.1:8080/a b/c', 'http://10.0.0.1:8080/a%20b/c/'],
    ['https://deploy.example/media/', 'https://deploy.example/media/'],
    ['http://[fd00::1]/x', 'http://[fd00::1]/x/'],
  ])('%s', (given, address) => {
    expect(treeAddress(given)).toEqual({ grub: address, ipxe: address, text: address });
  });

  it.each([
    'server/folder',
    'tftp://server/',
    'http://server/?a=1',
    'http://server/#a',
    'http://server/$x',
    "http://s/'",
  ])('%s is refused: a boot loader would read something else into it', (given) => {
    expect(() => treeAddress(given)).toThrow('not the address of a folder on a web server');
  });
});
