import { expect, it } from 'vitest';
import { planMedia } from '../../../builder/plan/plan.ts';
import { aResolvedProject, aWim, HEAD, INSTALL_SEQUENCE, loadText } from '../../helpers/project.ts';

async function planWith(step: string, index: number) {
  const { project } = await loadText(
    `${HEAD}images: [{ name: windows, source: w.wim, image: 3 }]\nsequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n`,
    { 'w.wim': '', 'a.yaml': `${INSTALL_SEQUENCE}${step}` },
  );
  if (project === undefined) throw new Error('the project has problems');
  return planMedia(await aResolvedProject({ project, wims: [aWim('/w.wim', [['windows', index]])] }));
}

it('refuses an index of the source that the medium does not have', async () => {
  await expect(planWith('    imageIndex: 3\n', 3)).rejects.toMatchObject({
    code: 'IMAGE_NOT_FOUND',
    lines: [expect.stringMatching(/applies image 3 of "windows"; on the medium that file has 1 \(windows\)/)],
  });
});

it('takes the index that the image has there, and none', async () => {
  await planWith('    imageIndex: 1\n', 3);
  await planWith('', 3);
});
