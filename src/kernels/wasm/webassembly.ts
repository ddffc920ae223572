// The part of the WebAssembly JavaScript API that the kernel uses (W3C, WebAssembly JavaScript Interface 2.0); TypeScript
// declares it only together with a browser's DOM.

declare global {
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Memory {
      constructor(descriptor: { initial: number; maximum: number; shared: true });
      readonly buffer: SharedArrayBuffer;
    }
    class Instance {
      constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>);
      readonly exports: object;
    }
    function validate(bytes: Uint8Array): boolean;
  }
}

export {};
