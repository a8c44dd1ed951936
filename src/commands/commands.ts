export interface Command {
  /** What may follow the command's name, each way on a line. */
  readonly forms: readonly string[];
  /** A line for the help. */
  readonly summary: string;
  /** A line for each option, or word to choose, by how it is written. */
  readonly options: Readonly<Record<string, string>>;
  /** Resolves to what runs it, and that to the exit code. Loaded when asked for: no command waits for another's modules. */
  load(): Promise<(args: readonly string[]) => Promise<number>>;
}

const CONFIG = { '--config FILE': 'the configuration; behalf.yaml unless told' };

export const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    forms: ['[--dev-users FILE] [--config FILE]'],
    summary: 'run the proxy; SIGHUP reloads, SIGTERM lets running requests end',
    options: { '--dev-users FILE': 'development on loopback: choose by a page whom of the file to be', ...CONFIG },
    load: async () => (await import('./serve.ts')).serve,
  },
  check: {
    forms: ['[--config FILE]'],
    summary: 'load and compile a configuration, and print every problem with its place',
    options: CONFIG,
    load: async () => (await import('./check.ts')).check,
  },
  rego: {
    forms: ['[--config FILE] [--out FOLDER]'],
    summary: "print the Rego that the routes' policies become, with its places in the YAML",
    options: { '--out FOLDER': "write a folder for OPA's tools instead", ...CONFIG },
    load: async () => (await import('./rego.ts')).rego,
  },
  decide: {
    forms: ['[--config FILE]'],
    summary: 'read input documents, a line of JSON each, and print decision documents',
    options: CONFIG,
    load: async () => (await import('./decide.ts')).decide,
  },
  replay: {
    forms: ['OLD.yaml NEW.yaml LOG... [--json]'],
    summary: 'judge logged decisions by two configurations; exit 1 where one may flip',
    options: { '--json': 'print the report as JSON, with every user' },
    load: async () => (await import('./replay.ts')).replay,
  },
  explain: {
    forms: ['[METHOD] URL [OPTION]...', '--line FILE [--request-id ID] [--json] [--config FILE]'],
    summary: 'say why a request is decided so, part by part, and what would change it',
    options: {
      '--as EMAIL_OR_ID': 'a person calls; without any --as, nobody does',
      '--as-service-account ID': 'a service account calls',
      '--for EMAIL_OR_ID': 'the service account acts for this person, with a valid assertion',
      '--for-service-account ID': 'the service account acts for this one, with a valid assertion',
      '--for-error ERROR': 'its assertion is not valid: expired, signature, ...',
      '--id ID': "the person's id, where it is not the email address",
      '--group NAME': 'a group of the person; repeatable',
      '--claim NAME=TEXT': 'a claim of the person, or NAME:=JSON; repeatable',
      "--header 'NAME: VALUE'": 'a header of the request; repeatable',
      '--ip IP': "the client's address",
      '--at TIME': 'the time of the request, as in 2026-12-24T18:00:00Z',
      '--line FILE': 'explain the lines of a decision log, or input documents; - is stdin',
      '--request-id ID': 'only this line of the decision log',
      '--json': 'print a line of JSON for each request',
      ...CONFIG,
    },
    load: async () => (await import('./explain.ts')).explain,
  },
  test: {
    forms: ['[PATH...] [OPTION]...'],
    summary: 'run cases (*.cases.yaml) and tests in Rego (*_test.rego) against a configuration',
    options: {
      '--coverage': 'say which criteria no case makes true, or false',
      '--threshold PERCENT': 'exit 1 where the coverage is below',
      '--junit FILE': "write the results as JUnit's XML too",
      '--watch': 'run again whenever a file changes',
      ...CONFIG,
    },
    load: async () => (await import('./test.ts')).test,
  },
  schema: {
    forms: ['[config | input | decision]'],
    summary: 'print a JSON Schema: of the configuration, or of a document of a policy',
    options: {
      config: 'of the configuration, for editors; unless told',
      input: 'of what policies read',
      decision: 'of what they decide',
    },
    load: async () => (await import('./schema.ts')).schema,
  },
  'service-account': {
    forms: ['create ID [--expires TIME] [--serves ROUTE]... [--carries ROUTE]...', 'list', 'revoke [ID] [--token JTI]'],
    summary: "make, list and end service accounts' tokens; create prints the token alone",
    options: {
      '--expires TIME': 'the life of the token, as in 12h or 30d, or never; 90d unless told',
      '--serves ROUTE': "may bring what this route's upstream gets as Assertion; repeatable",
      '--carries ROUTE': "may bring what this route's upstream gets as Assertion-For; repeatable",
      '--token JTI': 'end this token alone',
      ...CONFIG,
    },
    load: async () => (await import('./service-account.ts')).serviceAccount,
  },
  session: {
    forms: ['list', 'revoke SID', 'revoke --user ID_OR_EMAIL'],
    summary: 'list the sessions of people who signed in, and end them at once',
    options: { '--user ID_OR_EMAIL': 'end every session of this person', ...CONFIG },
    load: async () => (await import('./session.ts')).session,
  },
  login: {
    forms: ['URL [--print | --header-file FILE]'],
    summary: 'sign in by your browser; print a token for programs that act as you on a site',
    options: {
      '--print': 'print the token alone; so unless told',
      '--header-file FILE': 'write the header into a file of your own instead: curl -H @FILE URL',
    },
    load: async () => (await import('./login.ts')).login,
  },
  keys: {
    forms: ['generate [--alg ALG]', 'rotate [--alg ALG] [--after TIME]', 'rotate --revoke KID [--alg ALG]', 'list'],
    summary: 'change signing keys while the proxy runs; generate prints the PEM alone',
    options: {
      '--alg ALG': 'ES256, RS256 or EdDSA',
      '--after TIME': 'when the new key begins to sign, as in 90s or 12h; 1h unless told',
      '--revoke KID': 'drop this key at once, with all that it signed',
      ...CONFIG,
    },
    load: async () => (await import('./keys.ts')).keys,
  },
  demo: {
    forms: ['[--once]'],
    summary: 'App, API, API2, an identity provider and the proxy, on this machine',
    options: { '--once': 'end after the walk' },
    load: async () => (await import('../demo/demo.ts')).runDemo,
  },
  opa: {
    forms: ['...'],
    summary: "OPA's whole command line: test, fmt, check, eval, build, ...",
    options: {},
    load: async () => (await import('../opa/run-opa.ts')).runOpa,
  },
};
