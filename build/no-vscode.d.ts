// Replaces VS Code's API in code that must not use it: nothing can be imported from this module.
export {};
