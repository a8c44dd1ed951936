import type { Branding } from '../config/config.ts';
import { writeChoosePersonPage } from '../pages/write-choose-person-page.ts';
import type { Person } from '../session/session.ts';
import type { Chooser } from '../sign-in/open-sign-in.ts';

/** Asks by a page who of `people` somebody wants to be, and takes their word for it. */
export function createChooser(people: readonly Person[], look: Branding): Chooser {
  return {
    async choose(request, site) {
      const isPost = request.method === 'POST';
      const id = isPost ? (await request.form()).get('person') : null;
      const person = people.find((each) => each.id === id);
      if (person !== undefined) return { person, providerSid: null, tokens: null };
      const page = writeChoosePersonPage(
        {
          host: site,
          people: people.map((each) => ({ type: 'user', ...each })),
          form: { action: request.path + request.search, fields: {}, reaches: [] },
        },
        look,
      );
      return { status: isPost ? 400 : 200, headers: page.headers, body: page.html };
    },
  };
}
