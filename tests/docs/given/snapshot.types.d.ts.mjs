// The declarations of `cachier/snapshot` take nothing for granted.
export {};
