import { Component, type ComponentChild, createElement, type FunctionComponent } from "preact";

// memo renders a component again only when one of its properties is another.
export function memo<P extends object>(f: (p: P) => ComponentChild): FunctionComponent<P> {
  class Kept extends Component<P> {
    override shouldComponentUpdate(next: P) {
      const now = this.props as Record<string, unknown>;
      return Object.entries(next).some(([name, value]) => now[name] !== value);
    }
    override render() { return createElement(f as FunctionComponent<P>, this.props); }
  }
  return Kept as unknown as FunctionComponent<P>;
}
