import { describe, expect, it } from 'vitest';
import { mediumTree } from '../../../cli/commands/inspect/medium-tree.ts';
import { richMedium } from '../../helpers/medium-document.ts';

const linesOf = (text: string): string[] => text.split('\n');

describe('the tree of a medium', () => {
  it('has everything, in 80 columns', async () => {
    const text = mediumTree(richMedium());
    expect(linesOf(text).filter((line) => line.length > 80)).toEqual([]);
    await expect(text).toMatchFileSnapshot('inspect.golden.txt');
  });

  it('of a medium with nothing says so, and leaves out what few media have', () => {
    const text = mediumTree(
      richMedium({
        ...{ operatingSystems: [], sequences: [], content: [], applications: [], upgradePackages: [], variables: [] },
        ...{ type: 'folder', device: false, stick: null, sources: [], record: null, validity: null, prestart: null },
        signature: { state: 'absent', keyId: null, reason: null },
      }),
    );
    for (const line of ['Windows images: none', 'task sequences: none', 'packages: none', 'valid     always'])
      expect(text).toContain(line);
    for (const word of ['applications', 'upgrade packages\n├', 'variables\n', 'made from', 'volumes', 'prestart'])
      expect(text).not.toContain(`─ ${word}`);
    expect(text).toContain('with mediasmith 0.5.0, by whom and when is not recorded\n');
    expect(text).toContain('signed    no\n');
  });

  it('of a prestaged medium says where it lies', () => {
    const disk = mediumTree(richMedium({ prestaged: true }));
    expect(disk).toContain('prestaged disk of ');
    expect(disk).toContain('lies on the disk that it deploys, and leaves it at the end');
    const image = mediumTree(richMedium({ prestaged: true, device: false }));
    expect(image).toContain('image of a prestaged disk of ');
    const wim = mediumTree(richMedium({ prestaged: true, type: 'wim', device: false, stick: null }));
    expect(wim).toContain('WIM of a prestaged disk\n');
  });

  it('of a sealed medium says that its sequences are not shown', () => {
    const text = mediumTree(richMedium({ sealed: true, sequences: [], variables: [] }));
    expect(text).toContain('password  yes: sequences and variables are sealed, and not shown here');
    expect(text).not.toContain('task sequences');
  });

  it('says what must not be overlooked', () => {
    const validity = { from: null, until: '2026-01-01T00:00:00Z', now: 'expired' } as const;
    const signature = { state: 'invalid', keyId: 'ABC', reason: 'does not fit the manifest' } as const;
    const text = mediumTree(richMedium({ validity, signature, discs: 3, disc: 2 }));
    expect(text).toContain('until 2026-01-01 00:00 UTC: EXPIRED\n');
    expect(text).toContain('NOT VALID with the key ABC: the signature does not fit the manifest\n');
    expect(text).toContain('disc 2 of 3\n');
  });

  it('breaks rows that are too long, and not their words', () => {
    const name = `Install ${'everything '.repeat(12)}`.trim();
    const text = mediumTree(richMedium({ sequences: [{ id: 'all', name, steps: 3 }] }));
    expect(linesOf(text).filter((line) => line.length > 80)).toEqual([]);
    expect(text.replace(/[\s│├└─]+/g, ' ')).toContain(` all ${name} 3 steps `);
  });

  it('keeps what would steer a terminal from it', () => {
    const text = mediumTree(
      richMedium({ name: 'a\u001b[2J\u0007', variables: [{ name: '\u202exe\n', asked: true, secret: false }] }),
    );
    expect(linesOf(text)[0]).toBe('a[U+001B][2J[U+0007]');
    expect(text).toContain('[U+202E]xe[U+000A]  (asked for)\n');
  });
});
