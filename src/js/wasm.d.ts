/** The bytes of the engine, which the packing script puts in; knows nothing else. */
export const wasmBase64: string;
