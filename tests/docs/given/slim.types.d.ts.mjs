// The declarations of `cachier/slim` take nothing for granted.
export {};
