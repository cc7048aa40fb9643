import { describe, expect, it } from 'vitest';
import { isoUuid } from '../../../builder/iso-identity.ts';
import { nameMedium } from '../../../builder/medium-identity.ts';
import { planMedia } from '../../../builder/plan/plan.ts';
import type { ResolvedProject } from '../../../builder/resolve/resolved-project.ts';
import { aResolvedProject, aWim } from '../../helpers/project.ts';

const PACKAGE = { name: 'p', folder: '/p', files: 1, bytes: 700, fingerprint: 'f' };

async function resolved(): Promise<ResolvedProject> {
  return aResolvedProject({ wims: [aWim('/a.wim', [['w', 1]])], packages: [PACKAGE] });
}

const name = (project: ResolvedProject, bootKey = 'key', version = '1', content = 'c') =>
  nameMedium(planMedia(project), { signing: undefined }, [bootKey, content], version);

const SEALED = { password: { environment: 'P' } };

describe('the names of a medium', () => {
  it('have the shapes their readers ask for', async () => {
    const { id, iso } = name(await resolved());
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(iso.gptGuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(iso.gptGuid).not.toBe(id);
    expect(isoUuid(iso)).toMatch(/^20[0-3]\d-[01]\d-[0-3]\d-[0-2]\d-[0-5]\d-[0-5]\d-\d\d$/);
  });

  it('are the same whenever and wherever the same is built', async () => {
    const [here, there] = [await resolved(), await resolved()];
    expect(here.project.file).not.toBe(there.project.file);
    expect(name(here)).toEqual(name(there));
    const other = { ...here, project: { ...here.project, outputs: [{ iso: '/elsewhere.iso' }] } };
    expect(name(other)).toEqual(name(here));
    const moved = { ...here, wims: [aWim('/moved/a.wim', [['w', 1]])], packages: [{ ...PACKAGE, folder: '/moved' }] };
    expect(name(moved)).toEqual(name(here));
  });

  it.each<[string, (project: ResolvedProject) => ResolvedProject]>([
    ['its name', (known) => ({ ...known, project: { ...known.project, name: 'Other' } })],
    ['its label', (known) => ({ ...known, project: { ...known.project, label: 'OTHER' } })],
    ['whether it asks', (known) => ({ ...known, project: { ...known.project, unattended: true } })],
    [
      'a sequence',
      ({ project, ...known }) => ({
        ...known,
        project: {
          ...project,
          sequences: project.sequences.map((item) => ({
            ...item,
            sequence: { ...item.sequence, onFailure: 'shutdown' },
          })),
        },
      }),
    ],
    ['the content of a WIM', (known) => ({ ...known, wims: [aWim('/a.wim', [['w', 1]], { fingerprint: 'g' })] })],
    ['which image is taken', (known) => ({ ...known, wims: [aWim('/a.wim', [['w', 2]], { whole: true })] })],
    ['what an image is called', (known) => ({ ...known, wims: [aWim('/a.wim', [['x', 1]])] })],
    ['what a package is called', (known) => ({ ...known, packages: [{ ...PACKAGE, name: 'q' }] })],
    ['when it is valid', (known) => ({ ...known, project: { ...known.project, valid: { until: '2099-01-01' } } })],
    ['what runs first', (known) => ({ ...known, project: { ...known.project, prestart: { command: 'x' } } })],
    ['whether it offers to start itself', (known) => ({ ...known, project: { ...known.project, autorun: true } })],
    ['whether it has a password', (known) => ({ ...known, project: { ...known.project, ...SEALED } })],
    ['a package more', (known) => ({ ...known, packages: [PACKAGE, { ...PACKAGE, name: 'q' }] })],
  ])('change with %s', async (_, change) => {
    const before = await resolved();
    const [a, b] = [name(before), name(change(before))];
    expect([b.id === a.id, b.iso.uuid === a.iso.uuid, b.iso.gptGuid === a.iso.gptGuid]).toEqual([false, false, false]);
  });

  it('change with the image that is exported, though its index on the medium is the same', async () => {
    const [first, second] = [await resolved(), await resolved()];
    second.wims = [aWim('/a.wim', [['w', 2]])];
    expect(name(second).id).not.toBe(name(first).id);
  });

  it('of a sealed medium change with its seal, and tell nothing of what is sealed', async () => {
    const sealed = async (value: string): Promise<ResolvedProject> => {
      const known = await resolved();
      const variables = [{ name: 'Pin', value, secret: true }];
      const sequences = known.project.sequences.map((item) => ({
        ...item,
        sequence: { ...item.sequence, name: value },
      }));
      const machines = {
        file: '/m',
        value: { formatVersion: 1 as const, collections: [{ name: value, variables: {} }], machines: [] },
      };
      return {
        ...known,
        project: { ...known.project, ...SEALED, variables, sequences, machines, preferredSequence: value },
      };
    };
    const [one, other] = [await sealed('one'), await sealed('other')];
    expect(name(other)).toEqual(name(one));
    expect(name(one, 'key', '1', 'another seal').id).not.toBe(name(one).id);
  });

  it('do not change with who builds it', async () => {
    const known = await resolved();
    expect(name({ ...known, project: { ...known.project, record: true } })).toEqual(name(known));
  });

  it('change with the boot environment, the content and the version', async () => {
    const project = await resolved();
    expect(name(project, 'key', '1', 'other').id).not.toBe(name(project).id);
    const ids = [name(project), name(project, 'other'), name(project, 'key', '2')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });
});
