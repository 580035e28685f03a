export * from "./api.js";
export * from "./client.js";
export { PMError } from "./error.js";
export type { Change, EventOptions } from "./events.js";
