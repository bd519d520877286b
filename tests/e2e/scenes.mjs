// The states that screenshots.mjs takes pictures of. `docs` names the looks kept in docs/images.
import path from 'node:path';

import { testData } from '../functional/harness.mjs';
import { editorScenes } from './scenes_editor.mjs';

const photoFile = (name) => path.join(testData, 'photos', name);
const broken = { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no image') };

async function visit(page, { server }, route) {
  await page.goto(server.url + route);
  await page.waitForLoadState('networkidle');
}

// Another person's project per picture, so that no picture shows what another one did.
async function blankProject(page, world, overrides) {
  const project = await world.server.project(world.person, { name: 'Winter roads', ...overrides });
  await visit(page, world, `/projects/${project.id}`);
  return project;
}

async function registerFresh(page, world) {
  await visit(page, world, '/login?mode=register');
  const name = `new${Math.random().toString(36).slice(2)}`;
  await page.getByLabel('Your name').fill('Ada Byron');
  await page.getByLabel('Organization').fill('Fresh');
  await page.getByTestId('email').fill(`${name}@example.test`);
  await page.getByTestId('password').fill('a good long password');
  await page.getByTestId('login-button').click();
  await page.waitForURL(/\/projects/);
  await page.waitForLoadState('networkidle');
}

export const scenes = [
  { name: 'login', signedIn: false,
    show: (page, world) => visit(page, world, '/login') },
  { name: 'register', signedIn: false,
    show: (page, world) => visit(page, world, '/login?mode=register') },
  { name: 'login-errors', signedIn: false, async show(page, world) {
    await visit(page, world, '/login');
    await page.getByTestId('email').fill('nobody@example.test');
    await page.getByTestId('password').fill('wrong password');
    await page.getByTestId('login-button').click();
    await page.getByRole('alert').first().waitFor();
  } },
  { name: 'register-errors', signedIn: false, async show(page, world) {
    await visit(page, world, '/login?mode=register');
    await page.getByTestId('login-button').click();
    await page.getByRole('alert').first().waitFor();
  } },
  { name: 'projects-empty', signedIn: false, show: registerFresh },
  { name: 'projects', show: (page, world) => visit(page, world, '/projects') },
  { name: 'projects-none-match', show: (page, world) => visit(page, world, '/projects?q=zzz') },
  { name: 'account-menu', async show(page, world) {
    await visit(page, world, '/projects');
    await page.locator('.avatar').click();
    await page.getByRole('menu').waitFor();
  } },
  { name: 'project-new', show: (page, world) => visit(page, world, '/projects/new') },
  { name: 'project-new-filled', async show(page, world) {
    await visit(page, world, '/projects/new');
    await page.getByTestId('project-name').fill('Street scenes, spring');
    await page.getByTestId('project-type').selectOption('segmentation');
    for (const name of ['car', 'pedestrian', 'traffic light']) {
      await page.getByTestId('add-label').click();
      await page.getByLabel('Name of the label').last().fill(name);
    }
    await page.getByRole('button', { name: 'Attributes' }).first().click();
    await page.getByLabel('Name of the attribute').fill('colour');
    await page.getByLabel('Choices of colour').fill('red, green, blue');
  } },
  { name: 'project-new-errors', async show(page, world) {
    await visit(page, world, '/projects/new');
    for (const name of ['car', 'car', '']) {
      await page.getByTestId('add-label').click();
      await page.getByLabel('Name of the label').last().fill(name);
    }
    await page.getByTestId('create-project').click();
  } },
  { name: 'project-empty', show: (page, world) => blankProject(page, world) },
  { name: 'project-uploading', async show(page, world) {
    await blankProject(page, world);
    // A slow line: pictures are taken of it, nothing is measured.
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 20,
      downloadThroughput: 1e7, uploadThroughput: 60_000 });
    await page.getByTestId('file-upload').setInputFiles(
      ['dog.jpg', 'truck.jpg', 'groceries.jpg'].map(photoFile));
    await page.locator('.upload-files li').first().waitFor();
    await page.waitForFunction(() => /[1-9]\d? %/.test(
      document.querySelector('.upload-files').textContent));
  } },
  { name: 'project-rejected', async show(page, world) {
    await blankProject(page, world);
    await page.getByTestId('file-upload').setInputFiles([photoFile('dog.jpg'),
      photoFile('truck.jpg')]);
    await page.getByTestId('upload-success').waitFor();
    await page.getByTestId('file-upload').setInputFiles([broken,
      { name: 'notes about the trip to the mountains, second version.txt', mimeType: 'text/plain',
        buffer: Buffer.from('a text') }]);
    await page.locator('.upload-errors li').nth(1).waitFor();
    await page.waitForLoadState('networkidle');
  } },
  { name: 'project',
    show: (page, world) => visit(page, world, `/projects/${world.project.id}`) },
  { name: 'project-labels',
    show: (page, world) => visit(page, world, `/projects/${world.project.id}?tab=labels`) },
  { name: 'project-menu', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menu').waitFor();
  } },
  { name: 'project-delete', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete project' }).click();
    await page.getByRole('dialog').waitFor();
  } },
  { name: 'preannotate', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}`);
    await page.getByTestId('preannotate-button').click();
    await page.getByTestId('detector').waitFor();
  } },
  { name: 'preannotate-running', async show(page, world) {
    const project = await blankProject(page, world, { name: 'Night shift' });
    const photos = Array.from({ length: 3 }, (_, i) => [['dog.jpg', 'truck.jpg'].map((name) =>
      [`${i}-${name}`, photoFile(name)])]).flat(2);
    const { readFileSync } = await import('node:fs');
    await world.server.upload(world.person, project.id,
      photos.map(([name, file]) => [name, readFileSync(file)]));
    await page.reload();
    await page.waitForLoadState('networkidle');
    await page.getByTestId('preannotate-button').click();
    await page.getByTestId('segmenter').selectOption('mobilesam');
    await page.getByTestId('start-preannotation').click();
    await page.getByTestId('preannotation-progress').getByText('of 6').waitFor();
  } },
  { name: 'export', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}`);
    await page.getByTestId('export-button').click();
    await page.getByTestId('export-format').waitFor();
  } },
  { name: 'export-done', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}`);
    await page.getByTestId('export-button').click();
    await page.getByTestId('download-export').click();
    await page.getByText('The download has started.').waitFor();
  } },
  { name: 'import', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}`);
    await page.getByTestId('import-button').click();
    await page.getByRole('dialog').waitFor();
  } },
  { name: 'jobs', show: (page, world) => visit(page, world, '/jobs') },
  { name: 'jobs-empty', signedIn: false, async show(page, world) {
    await registerFresh(page, world);
    await visit(page, world, '/jobs');
  } },
  { name: 'models', show: (page, world) => visit(page, world, '/models') },
  { name: 'model-add', async show(page, world) {
    await visit(page, world, '/models');
    await page.getByTestId('add-model').click();
    await page.getByRole('dialog').waitFor();
  } },
  { name: 'model-add-server', async show(page, world) {
    await visit(page, world, '/models');
    await page.getByRole('button', { name: 'Add a server' }).click();
    await page.getByRole('dialog').waitFor();
  } },
  { name: 'project-duplicates', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}?view=duplicates`);
    await page.getByText('Alike by at least').waitFor();
  } },
  { name: 'project-similar',
    show: (page, world) => visit(page, world,
      `/projects/${world.project.id}?view=similar&like=${world.dog.id}`) },
  { name: 'admin-members', show: (page, world) => visit(page, world, '/admin') },
  { name: 'admin-audit', show: (page, world) => visit(page, world, '/admin/audit') },
  { name: 'demo', async show(page, world) {
    await registerFresh(page, world);
    await page.getByTestId('open-demo').click();
    await page.getByTestId('asset-card').nth(2).waitFor();
    await page.waitForLoadState('networkidle');
  }, signedIn: false },
  { name: 'demo-annotate', async show(page, world) {
    await registerFresh(page, world);
    await page.getByTestId('open-demo').click();
    await page.getByTestId('asset-card').first().click();
    await page.locator('.object-main').nth(2).waitFor();
    await page.waitForFunction(() =>
      document.querySelector('.stage')?.dataset.imageState === 'ready');
  }, signedIn: false },
  { name: 'settings', show: (page, world) => visit(page, world, '/settings') },
  { name: 'settings-keys', async show(page, world) {
    await visit(page, world, '/settings');
    await page.getByTestId('change-keys').click();
    await page.getByTestId('keys-dialog').waitFor();
  } },
  { name: 'notifications', async show(page, world) {
    await visit(page, world, '/projects');
    await page.getByTestId('mentions-bell').click();
    await page.getByRole('menuitem', { name: 'All jobs' }).waitFor();
  } },
  { name: 'project-new-template', async show(page, world) {
    await visit(page, world, '/projects/new');
    await page.getByTestId('template-people').click();
    await page.getByLabel('Name of the label').first().waitFor();
  } },
  { name: 'skeleton-designer', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}?tab=labels`);
    await page.locator('.label-skeleton button').first().click();
    await page.getByTestId('skeleton-designer').waitFor();
  } },
  { name: 'import-labels', async show(page, world) {
    await visit(page, world, `/projects/${world.project.id}?tab=labels`);
    await page.getByTestId('import-labels').click();
    await page.getByTestId('import-labels-dialog').waitFor();
  } },
  { name: 'gallery', docs: ['dark'], viewport: { width: 1280, height: 1100 },
    async show(page, world) {
    await visit(page, world, `/projects/${world.many.id}`);
    await page.getByTestId('gallery-histogram').click();
    await page.getByTestId('histogram').waitFor();
    await page.getByTestId('asset-card').nth(7).waitFor();
  } },
  { name: 'gallery-chosen', async show(page, world) {
    await visit(page, world, `/projects/${world.many.id}?sort=name`);
    for (const at of [1, 4]) {
      await page.getByTestId('asset-card').nth(at).hover();
      await page.locator('.asset-check').nth(at)
        .click({ force: true, modifiers: at === 4 ? ['Shift'] : [] });
    }
    await page.getByTestId('bulk-bar').waitFor();
  } },
  { name: 'gallery-more-filters', async show(page, world) {
    await visit(page, world, `/projects/${world.many.id}`);
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.locator('.gallery-more').waitFor();
  } },
  { name: 'gallery-none-match', show: (page, world) =>
    visit(page, world, `/projects/${world.many.id}?name=zzz`) },
  { name: 'not-found', show: (page, world) => visit(page, world, '/projects/nothing/here') },
  { name: 'no-such-project', show: (page, world) =>
    visit(page, world, '/projects/019ac000-0000-7000-8000-000000000000') },
  ...editorScenes,
];
