/** The bundler gathers style sheets into a file of their own; to TypeScript they are nothing. */
declare module "*.css";
