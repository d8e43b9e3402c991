/** The bytes of the engine, which the packing script puts in, see `decode`; knows nothing else. */
export const wasmText: string;
