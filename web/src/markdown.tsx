// Markdown as elements: paragraphs, headings, lists, quotes, code, and in a
// line code, strong, emphasis and links. It makes no HTML of what it reads, so
// that no text can be more than text.
import type { ComponentChildren } from "preact";

const inline = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>")\]]+)/;

function line(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  for (let rest = text; rest; ) {
    const m = inline.exec(rest);
    if (!m) { out.push(rest); break; }
    if (m.index) out.push(rest.slice(0, m.index));
    const strong = m[3] ?? m[4], to = m[7] ?? m[8];
    if (m[2]) out.push(<code>{m[2]}</code>);
    else if (strong) out.push(<strong>{line(strong)}</strong>);
    else if (m[5]) out.push(<em>{line(m[5])}</em>);
    else if (to && /^(https?:|mailto:)/i.test(to)) out.push(<a href={to} rel="noreferrer noopener" target="_blank">{m[6] ?? to}</a>);
    else out.push(m[6] ?? m[0]);
    rest = rest.slice(m.index + m[0].length);
  }
  return out;
}

const item = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;

export function Markdown({ text }: { text: string }) {
  const lines = text.replace(/\r/g, "").split("\n"), out: ComponentChildren[] = [];
  for (let i = 0; i < lines.length; ) {
    const l = lines[i]!;
    if (!l.trim()) { i++; continue; }
    if (l.startsWith("```")) {
      let j = i + 1;
      while (j < lines.length && !lines[j]!.startsWith("```")) j++;
      out.push(<pre><code>{lines.slice(i + 1, j).join("\n")}</code></pre>);
      i = j + 1;
      continue;
    }
    const head = /^(#{1,6})\s+(.*)$/.exec(l);
    if (head) { out.push(<h4>{line(head[2]!)}</h4>); i++; continue; }
    const taken = (is: (s: string) => boolean) => { const from = i; while (i < lines.length && is(lines[i]!)) i++; return lines.slice(from, i); };
    if (item.test(l)) {
      const Kind = /^\s*\d/.test(l) ? "ol" : "ul";
      out.push(<Kind>{taken((s) => item.test(s)).map((s, n) => { const m = item.exec(s)!; return <li key={n}>{m[1] && <span class="faint">{m[1] === " " ? "open: " : "done: "}</span>}{line(m[2]!)}</li>; })}</Kind>);
    } else if (l.startsWith(">")) out.push(<blockquote>{line(taken((s) => s.startsWith(">")).map((s) => s.replace(/^>\s?/, "")).join(" "))}</blockquote>);
    else out.push(<p dir="auto">{line(taken((s) => !!s.trim() && !item.test(s) && !/^(#{1,6}\s|```|>)/.test(s)).join(" "))}</p>);
  }
  return <div class="markdown">{out}</div>;
}
