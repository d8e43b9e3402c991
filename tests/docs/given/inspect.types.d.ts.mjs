// The declarations of `cachier/inspect` take nothing for granted.
export {};
