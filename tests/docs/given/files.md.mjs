// This guide takes nothing for granted.
export {};
