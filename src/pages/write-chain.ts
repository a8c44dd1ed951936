import { type Html, html } from './html.ts';
import { CUT, SITE } from './icons.ts';
import type { Somebody } from './page.ts';
import { showHost } from './show-host.ts';
import { showSomebody } from './show-somebody.ts';
import { writeFace } from './write-face.ts';

/** One of a chain: somebody, or a site by its host. */
export interface ChainLink {
  readonly who: Somebody | string;
  /** What they are here, in a word or two. */
  readonly role: string;
}

/** The picture of who reaches what on whose behalf; where it is cut, the last is not reached. */
export function writeChain(links: readonly ChainLink[], isCut: boolean): Html {
  const items = links.map((link, index) => {
    const beforeLast = index === links.length - 2;
    const thread = index === links.length - 1 ? null : writeThread(isCut && beforeLast);
    return html`<li class="${findKind(link)}${isCut && beforeLast ? ' cut' : ''}">${writeMark(link)}${thread}${writeLabel(link)}</li>`;
  });
  return html`<ol class="chain">${items}</ol>`;
}

function findKind({ who }: ChainLink): 'person' | 'program' | 'site' {
  if (typeof who === 'string') return 'site';
  return who.type === 'user' ? 'person' : 'program';
}

function writeThread(isCut: boolean): Html {
  return html`<span class="thread" aria-hidden="true">${isCut ? CUT : null}</span>`;
}

function writeLabel({ who, role }: ChainLink): Html {
  return html`<span class="who">${typeof who === 'string' ? showHost(who) : showSomebody(who)} <small>${role}</small></span>`;
}

function writeMark({ who }: ChainLink): Html {
  return html`<span class="mark" aria-hidden="true">${typeof who === 'string' ? SITE : writeFace(who)}</span>`;
}
