// Stands in for VS Code's API where it must not be used: nothing can be imported from it.
export {};
