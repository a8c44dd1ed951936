// TypeScript has these types in its DOM library alone, and Node's leave them out.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    static imports(module: Module): { readonly module: string; readonly name: string }[];
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: object;
  }
  /** What `instantiate` gives where it is given bytes. */
  interface WebAssemblyInstantiatedSource {
    readonly module: Module;
    readonly instance: Instance;
  }
  interface MemoryDescriptor {
    readonly initial: number;
    readonly maximum?: number;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: object): Promise<Instance>;
}
