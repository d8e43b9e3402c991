/** What the engine says of definitions without options, which the packing script asks it; knows nothing else. */
export const plainTraits: number;
