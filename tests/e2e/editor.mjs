// What tests and pictures do on the annotate page, in pixels of the image.
export async function openEditor(page, url, project, asset) {
  await page.goto(`${url}/projects/${project.id}/annotate/${asset.id}?e2e`);
  await page.waitForFunction(() => Boolean(window.__annotate));
  await page.evaluate(() => window.__annotate.idle());
}

export const shapes = (page) => page.evaluate(() => window.__annotate.shapes());

export const camera = (page) =>
  page.evaluate(() => structuredClone(window.__annotate.editor.view.camera.get()));

export async function at(page, x, y) {
  return page.evaluate(([u, v]) => window.__annotate.camera.toScreen(u, v), [x, y]);
}

export async function clickImage(page, x, y, { alt = false, button = 'left' } = {}) {
  const [u, v] = await at(page, x, y);
  if (alt) await page.keyboard.down('Alt');
  await page.mouse.click(u, v, { button });
  if (alt) await page.keyboard.up('Alt');
}

export async function dragImage(page, from, to) {
  await page.mouse.move(...await at(page, ...from));
  await page.mouse.down();
  await page.mouse.move(...await at(page, (from[0] + to[0]) / 2, (from[1] + to[1]) / 2));
  await page.mouse.move(...await at(page, ...to));
  await page.mouse.up();
}

// By its button, out of the flyout of its group when another tool of the group is on the rail.
export async function takeTool(page, testId) {
  const button = page.getByTestId(testId);
  if (!(await button.isVisible())) await page.locator(`[data-tools~="${testId}"]`).click();
  await button.click();
}

export async function drawBox(page, from, to) {
  await page.getByTestId('detection-tool').click();
  await clickImage(page, ...from);
  await page.mouse.move(...await at(page, ...to));
  await clickImage(page, ...to);
}

// The page says so, and the server has it.
export async function saved(page) {
  await page.locator('[data-testid=save-state][data-state=saved]').waitFor();
  await page.evaluate(() => window.__annotate.idle());
}

// Even-odd over all rings: holes count.
export function contains(shape, x, y) {
  let inside = false;
  for (const part of shape.parts) {
    for (const ring of [part.points, ...(part.holes ?? [])]) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
      }
    }
  }
  return inside;
}

export async function until(check, what) {
  for (let i = 0; i < 300; ++i) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never: ${what}`);
}
