import type { Problem } from "./api.js";

/**
 * What pm refused, or could not do. `kind`, `code` and `hint` are pm's own.
 * Where no answer came, `status` is 0 and `code` is "no_answer".
 */
export class PMError extends Error {
  readonly status: number;
  readonly kind: string;
  readonly code: string;
  readonly hint: string | undefined;
  readonly problem: Problem | undefined;
  /** After how many milliseconds the server wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(message: string, from: { status: number; kind: string; code: string; hint?: string | undefined; problem?: Problem; retryAfter?: number | undefined; cause?: unknown }) {
    super(message, { cause: from.cause });
    this.name = "PMError";
    this.status = from.status;
    this.kind = from.kind;
    this.code = from.code;
    this.hint = from.hint;
    this.problem = from.problem;
    this.retryAfter = from.retryAfter;
  }

  /** Whether a change may have been made although it was not answered for: look before you repeat it. */
  get outcomeUnknown(): boolean {
    return this.code === "no_answer" || this.code === "unknown_outcome" || this.code === "timeout";
  }
}

/** The error that an answer stands for. */
export async function errorOf(answer: Response): Promise<PMError> {
  const seconds = Number(answer.headers.get("Retry-After"));
  const retryAfter = seconds > 0 ? seconds * 1000 : undefined;
  const text = await answer.text().catch(() => "");
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.code === "string") {
      return new PMError(problem.detail, { status: answer.status, kind: problem.kind, code: problem.code, hint: problem.hint, problem, retryAfter });
    }
  } catch {
    // what stands between the client and pm answered in its own way
  }
  return new PMError(`the server answered ${answer.status}`, { status: answer.status, kind: "unavailable", code: "no_problem", retryAfter });
}
