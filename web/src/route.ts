// The address is the state that can be shared: the view, the query, the task.
import { computed, signal } from "@preact/signals";

const here = signal(location.pathname + location.search);
addEventListener("popstate", () => (here.value = location.pathname + location.search));

export const view = computed(() => new URL(here.value, location.origin).pathname.split("/")[1] || "board");
export const subject = computed(() => decodeURIComponent(new URL(here.value, location.origin).pathname.split("/")[2] ?? ""));
export const parameters = computed(() => new URL(here.value, location.origin).searchParams);
export const query = computed(() => parameters.value.get("q") ?? "");

// asOf names the past moment that is shown; empty means now.
export const asOf = computed(() => parameters.value.get("as_of") ?? "");

// then is an address with the moment that is shown.
export const then = (path: string) => (asOf.value ? path + (path.includes("?") ? "&" : "?") + "as_of=" + encodeURIComponent(asOf.value) : path);

// open leads to an address of the page; a change of the query takes no step back.
export function open(path: string, replace = false) {
  if (path === here.value) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  here.value = path;
}

// withParameters is the present address with other parameters.
export function withParameters(changed: Record<string, string>, path = location.pathname): string {
  const q = new URLSearchParams(parameters.value);
  for (const [name, value] of Object.entries(changed)) value ? q.set(name, value) : q.delete(name);
  const text = q.toString().replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%40/g, "@");
  return path + (text ? "?" + text : "");
}

// linkTo is the address of a view: what was done and what was deleted are those of now.
export const linkTo = (name: string) => (name === "ops" || name === "trash" ? "/" + name : withParameters({}, "/" + name));

if (location.pathname === "/") open("/board" + location.search, true);
