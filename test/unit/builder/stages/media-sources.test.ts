import { expect, it } from 'vitest';
import { planMedia } from '../../../../builder/plan/plan.ts';
import { mediaSources } from '../../../../builder/stages/media-sources.ts';
import { aProject, aResolvedProject, aWim } from '../../../helpers/project.ts';

it('are named as the project does, without the folders of this machine', async () => {
  const item = (name: string) => ({ name, folder: `/cache/${name}`, files: 1, bytes: 1, fingerprint: `of ${name}` });
  const upgrade = {
    ...{ name: 'upgrade', origin: '/isos/win11.iso', files: [], fingerprint: 'one\ntwo' },
    ...{ architecture: 'x64', version: '10.0', languages: [], editions: [] },
  };
  const project = await aProject(() => ({
    packages: [
      { name: 'p', source: '/home/me/drivers.zip' },
      { name: 'q', source: '/home/me/q' },
    ],
    exclude: ['q'],
  }));
  const wims = [aWim('/isos/win11.iso', [['pro', 6]], { fingerprint: 'wim' })];
  const plan = planMedia(
    await aResolvedProject({ project, wims, packages: [item('p'), item('q')], upgradePackages: [upgrade] }),
  );
  expect(mediaSources(plan)).toEqual([
    { name: 'pro', file: 'win11.iso', fingerprint: 'wim' },
    { name: 'p', file: 'drivers.zip', fingerprint: 'of p' },
    { name: 'upgrade', file: 'win11.iso', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
});
