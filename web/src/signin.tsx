// Signing in with a token, where the server has tokens.
import { useState } from "preact/hooks";
import { call, type Refusal } from "./api";

export function SignIn({ project }: { project: string }) {
  const [token, set] = useState(""), [wrong, say] = useState<Refusal>();
  const enter = async () => {
    try {
      await call("/sign-in", { method: "POST", body: { token: token.trim() } });
      location.reload();
    } catch (e) { say(e as Refusal); }
  };
  return (
    <section class="empty" data-view="sign-in" aria-label="Sign in">
      <h2>{project}</h2>
      <form onSubmit={(e) => { e.preventDefault(); void enter(); }}>
        <label>Sign in with your token<input type="password" autocomplete="current-password" value={token} aria-invalid={!!wrong} aria-describedby="wrong" onInput={(e) => set(e.currentTarget.value)} ref={(el) => el?.focus()} /></label>
        <p id="wrong" class="late" role="alert">{wrong && `${wrong.message}${wrong.hint ? ": " + wrong.hint : ""}`}</p>
        <p><button class="btn go" disabled={!token.trim()}>Sign in</button></p>
      </form>
      <p>Tokens are in the file that pm serve was started with. On the machine that has the plan, pm web signs you in automatically.</p>
    </section>
  );
}
