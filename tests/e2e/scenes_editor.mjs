// The states of the editor that screenshots.mjs takes pictures of.
import { photo } from '../functional/harness.mjs';
import { at, clickImage, dragImage, openEditor, saved, takeTool } from './editor.mjs';

const open = (page, { server, project }, asset) => openEditor(page, server.url, project, asset);

// An image of its own, so that no picture shows what another one drew.
async function openFresh(page, { server, person, bench }, name) {
  const { body } = await server.upload(person, bench.id, [[name, photo(name)]]);
  await openEditor(page, server.url, bench, body.items[0]);
}

async function outline(page, x, y) {
  await page.evaluate(() => window.__annotate.editor.select([]));
  await page.keyboard.press('a');
  await clickImage(page, x, y);
  await page.getByTestId('segment-accept').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('segment-accept').waitFor({ state: 'detached' });
}

async function drawPolygon(page, points) {
  await page.getByTestId('polygon-tool').click();
  for (const [x, y] of points) await clickImage(page, x, y);
  await page.keyboard.press('Enter');
}

async function segmentDog(page, world, points) {
  await open(page, world, world.dog);
  await page.getByTestId('segment-tool').click();
  for (const [x, y, options] of points) {
    const answered = page.waitForResponse(/inference\/segment/);
    await clickImage(page, x, y, options);
    await answered;
  }
  await page.getByTestId('segment-accept').waitFor();
  await page.waitForFunction(() => !/Looking/.test(document.querySelector('.hint').textContent));
}

export const editorScenes = [
  { name: 'editor', docs: ['dark'], async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await page.keyboard.press('1');
    await page.keyboard.press('r');
    await dragImage(page, [120, 275], [1712, 852]);
    await page.keyboard.press('3');
    for (const points of [[[252, 345], [610, 326], [626, 436], [240, 452]],
      [[664, 318], [812, 312], [856, 350], [852, 432], [664, 434]],
      [[950, 312], [1120, 308], [1240, 410], [1230, 432], [962, 440]]]) {
      await drawPolygon(page, points);
    }
    await page.keyboard.press('2');
    await outline(page, 1520, 680);
    await outline(page, 560, 740);
    await page.keyboard.press('v');
    await saved(page);
    await clickImage(page, 1040, 380);
    await page.mouse.move(...await at(page, 1120, 900));
    await page.evaluate(() => window.__annotate.idle());
  } },
  { name: 'annotate', async show(page, world) {
    await open(page, world, world.dog);
    await page.getByTestId('suggestion').first().waitFor();
  } },
  { name: 'annotate-suggestion', async show(page, world) {
    await open(page, world, world.dog);
    await page.getByTestId('suggestion').first().click();
    await page.locator('.ai-row[data-focused]').waitFor();
  } },
  { name: 'annotate-box', async show(page, world) {
    await openFresh(page, world, 'dog.jpg');
    await page.getByTestId('detection-tool').click();
    await page.mouse.click(...await at(page, 195, 225));
    await page.mouse.move(...await at(page, 300, 300));
    await page.mouse.move(...await at(page, 425, 410));
  } },
  { name: 'annotate-polygon', async show(page, world) {
    await openFresh(page, world, 'dog.jpg');
    await page.getByTestId('polygon-tool').click();
    for (const [x, y] of [[205, 230], [330, 232], [400, 290], [420, 330], [340, 390]]) {
      await page.mouse.click(...await at(page, x, y));
    }
    await page.mouse.move(...await at(page, 250, 380));
  } },
  { name: 'annotate-ai', docs: ['dark'],
    show: (page, world) => segmentDog(page, world, [[200, 420], [330, 300]]) },
  { name: 'annotate-ai-negative',
    show: (page, world) => segmentDog(page, world, [[330, 300], [100, 450, { alt: true }]]) },
  { name: 'annotate-selected', async show(page, world) {
    await open(page, world, world.truck);
    await page.locator('.object-main').first().click();
  } },
  { name: 'annotate-attributes', async show(page, world) {
    await open(page, world, world.dog);
    await page.getByRole('radio', { name: /person/ }).click();
    await page.getByTestId('detection-tool').click();
    await page.mouse.click(...await at(page, 510, 5));
    await page.mouse.click(...await at(page, 770, 440));
    await page.evaluate(() => window.__annotate.idle());
    await page.getByTestId('select-tool').click();
    await page.locator('.object-main').first().click();
    await page.locator('.details').waitFor();
  } },
  { name: 'annotate-help', async show(page, world) {
    await open(page, world, world.dog);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  } },
  { name: 'annotate-comments', async show(page, world) {
    await open(page, world, world.dog);
    await page.keyboard.press('c');
    await clickImage(page, 300, 300);
    await page.getByRole('combobox', { name: 'Comment' }).fill('Is the leash part of the dog?');
    await page.getByRole('combobox', { name: 'Comment' }).press('Enter');
    await page.getByTestId('comment').waitFor();
    await page.getByTestId('tab-comments').click();
    await page.getByTestId('thread-row').first().waitFor();
  } },
  { name: 'annotate-history', async show(page, world) {
    await open(page, world, world.truck);
    await page.getByTestId('tab-history').click();
    await page.getByTestId('history-line').first().waitFor();
  } },
  { name: 'annotate-past', async show(page, world) {
    await open(page, world, world.dog);
    for (const [x, y] of [[200, 230], [520, 60]]) {
      await page.getByTestId('detection-tool').click();
      await page.mouse.click(...await at(page, x, y));
      await page.mouse.click(...await at(page, x + 200, y + 180));
    }
    await page.evaluate(() => window.__annotate.idle());
    await page.getByTestId('tab-history').click();
    await page.getByTestId('history-line').last().click();
    await page.getByTestId('past-banner').waitFor();
  } },
  { name: 'annotate-offline', async show(page, world) {
    await open(page, world, world.truck);
    await page.context().setOffline(true);
    await page.getByTestId('detection-tool').click();
    await page.mouse.click(...await at(page, 1000, 700));
    await page.mouse.click(...await at(page, 1100, 800));
    await page.locator('[data-testid=save-state][data-state=offline]').waitFor();
  } },
  { name: 'annotate-export', async show(page, world) {
    await open(page, world, world.dog);
    await page.getByTestId('export-button').click();
    await page.getByTestId('export-format').waitFor();
  } },
  { name: 'editor-flyout', async show(page, world) {
    await open(page, world, world.dog);
    await page.getByTestId('rail-group-mask').click();
    await page.getByRole('menu').waitFor();
  } },
  { name: 'editor-boxes', async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await takeTool(page, 'rotated-box-tool');
    for (const [x, y] of [[230, 520], [960, 420], [900, 260]]) await clickImage(page, x, y);
    await page.getByTestId('select-tool').click();
    await page.locator('.object-main').first().click();
    await page.locator('.details').waitFor();
  } },
  { name: 'editor-polygon', async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await page.keyboard.press('3');
    await drawPolygon(page, [[240, 340], [620, 320], [620, 430], [240, 445]]);
    await page.getByTestId('select-tool').click();
    await clickImage(page, 430, 380);
    await page.mouse.move(...await at(page, 430, 330));
  } },
  { name: 'editor-mask', async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await page.keyboard.press('2');
    await page.keyboard.press('b');
    for (const y of [690, 725, 760]) await dragImage(page, [510, y], [640, y]);
    await page.mouse.move(...await at(page, 600, 740));
  } },
  { name: 'editor-wand', async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await page.keyboard.press('w');
    await clickImage(page, 1200, 160);
    await saved(page);
  } },
  { name: 'editor-superpixels', async show(page, world) {
    await open(page, world, world.dog);
    await page.keyboard.press('u');
    await clickImage(page, 200, 420);
    await page.mouse.move(...await at(page, 230, 400));
    await page.waitForTimeout(1500);
  } },
  { name: 'editor-skeleton', async show(page, world) {
    await open(page, world, world.skier);
    await page.locator('.object-main').filter({ hasText: 'skier' }).first().click();
    await page.getByText(/Joints:/).click();
  } },
  { name: 'editor-cuboid', async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await takeTool(page, 'cuboid-tool');
    await dragImage(page, [880, 300], [1690, 740]);
    await page.mouse.move(...await at(page, 460, 280));
    await clickImage(page, 460, 280);
    await saved(page);
  } },
  { name: 'editor-hover', async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await page.keyboard.press('a');
    await page.waitForFunction(() => window.__annotate.editor.readiness.get().state === 'ready');
    await page.mouse.move(...await at(page, 580, 700), { steps: 4 });
    await page.mouse.move(...await at(page, 575, 740), { steps: 4 });
    await page.waitForTimeout(1500);
  } },
  { name: 'editor-view', async show(page, world) {
    await open(page, world, world.dog);
    await page.getByTestId('view-panel').click();
    await page.getByRole('dialog', { name: 'View' }).getByLabel('Invert').waitFor();
  } },
  { name: 'editor-minimap', async show(page, world) {
    await openFresh(page, world, 'truck.jpg');
    await page.evaluate(() => {
      const { editor } = window.__annotate;
      editor.look.update((now) => ({ ...now, minimap: true, rulers: true, crosshair: true }));
      editor.view.zoomCentre(3);
    });
    await page.mouse.move(640, 360);
    await page.evaluate(() => window.__annotate.idle());
  } },
  { name: 'editor-palette', async show(page, world) {
    await open(page, world, world.dog);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('object');
    await page.locator('.palette-item').first().waitFor();
  } },
  { name: 'editor-keys', async show(page, world) {
    await open(page, world, world.dog);
    await page.keyboard.press('F2');
    await page.getByTestId('keys-dialog').waitFor();
  } },
  { name: 'editor-objects', async show(page, world) {
    await open(page, world, world.skier);
    await page.getByTestId('object-grouping').click();
    await page.getByTestId('grouping-group').click();
    await page.locator('.object-main').first().click();
  } },
  { name: 'editor-filter', async show(page, world) {
    await open(page, world, world.skier);
    await page.getByTestId('object-filter').click();
    await page.getByLabel('From a model').check();
  } },
  { name: 'editor-menu', async show(page, world) {
    await open(page, world, world.skier);
    await clickImage(page, 420, 170, { button: 'right' });
    await page.getByTestId('object-menu').waitFor();
  } },
  { name: 'editor-propagate', async show(page, world) {
    await open(page, world, world.skier);
    await clickImage(page, 420, 170);
    await page.keyboard.press('Control+b');
    await page.getByTestId('propagate-dialog').waitFor();
  } },
  { name: 'editor-image', async show(page, world) {
    await open(page, world, world.skier);
    await page.getByTestId('tab-image').click();
    await page.getByTestId('image-note').waitFor();
  } },
  { name: 'editor-attributes', async show(page, world) {
    await open(page, world, world.dog);
    await page.getByRole('radio', { name: /person/ }).click();
    await page.getByTestId('detection-tool').click();
    await clickImage(page, 600, 5);
    await clickImage(page, 770, 440);
    await page.getByTestId('select-tool').click();
    await page.locator('.object-main').first().click();
    await page.locator('.details').waitFor();
  } },
  { name: 'phone-review', viewport: { width: 390, height: 844 }, async show(page, world) {
    await page.goto(`${world.server.url}/projects/${world.project.id}/annotate/${world.dog.id}`);
    await page.getByTestId('review-suggestion').first().waitFor();
    await page.waitForLoadState('networkidle');
  } },
];
