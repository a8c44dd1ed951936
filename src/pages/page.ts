/** A page as its caller answers with it: the HTML, and the headers that it needs, its Content-Security-Policy among them. */
export interface Page {
  readonly html: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What a page shows of the house that it stands in; `branding` of the configuration is one. */
export interface Look {
  readonly name: string;
  /** An image as a `data:` URL; null for Behalf's own mark. */
  readonly logo: string | null;
  /** `#rrggbb`; null for Behalf's own. */
  readonly color: string | null;
}

/** Somebody of whom a page speaks; a caller or an original user of an input document is one. */
export interface Somebody {
  readonly type: 'user' | 'service_account';
  readonly id: string;
  /** "" for none. */
  readonly email: string;
  /** "" for none. */
  readonly name: string;
}

/** Where a page's form goes, by POST. */
export interface Form {
  /** A path of the page's own host, or a URL. */
  readonly action: string;
  /** What goes with it unseen. */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * URLs that answers to it may redirect to, beside the page's own origin: Chromium checks each redirect of a form's answer
   * against `form-action` (CSP3 section 6.4.1). Of each URL the origin counts.
   */
  readonly reaches: readonly string[];
}
