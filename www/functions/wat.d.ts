/** What vite.config.js makes of WebAssembly text: the bytes of the module. */
declare module "*.wat" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
