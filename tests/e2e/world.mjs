// What most browser tests begin with: a server, a browser, a person with a project, and a page on
// which that person is signed in.
import { TestServer } from '../functional/harness.mjs';
import { openBrowser, openPage, signIn } from './browser.mjs';

export const password = 'a good long password';

export class World {
  // `files` are uploaded; `project` says what differs from the usual one, `look` how the page is.
  static async open(name, { project = {}, files = [], env = {}, look = {} } = {}) {
    const world = new World();
    world.server = await TestServer.start({ env });
    world.person = await world.server.person(name);
    world.project = await world.server.project(world.person, project);
    world.assets = files.length > 0 ? await world.upload(files) : [];
    world.browser = await openBrowser();
    world.page = await openPage(world.browser, look);
    await signIn(world.page, world.server.url, world.person.email, password);
    return world;
  }

  async upload(files) {
    const { status, body, text } = await this.server.upload(this.person, this.project.id, files);
    if (status !== 201) throw new Error(text);
    return body.items;
  }

  async close() {
    await this.browser?.close();
    await this.server?.stop();
  }
}
