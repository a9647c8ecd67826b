import type { Decision, PolicyFinding } from "./evaluate.ts";
import type { Mismatch } from "./statement.ts";

/** A decision in one line, the reason with it. */
export function explain(decision: Decision): string {
    const { principal, action, resource, allowed } = decision;
    return `${principal} ${allowed ? "may" : "may not"} ${action} on ${resource}: ${explainReasons(decision)}`;
}

/** Only the reason: which policy allows, forbids or gave no Allow, and how near it came. */
export function explainReasons({ reasons }: Pick<Decision, "reasons">): string {
    return reasons.map((reason) => explainFinding(reason)).join("; ");
}

function explainFinding({ policy, outcome, statement, mismatches }: PolicyFinding): string {
    if (outcome === "allow") return `allowed by statement ${statement} of the ${policy}`;
    if (outcome === "deny") return `denied by statement ${statement} of the ${policy}`;
    if (statement === undefined) return `no Allow in the ${policy}`;
    const why = (mismatches ?? []).map((mismatch) => explainMismatch(mismatch)).join(", ");
    return `no Allow in the ${policy} (nearest statement ${statement}: ${why})`;
}

function explainMismatch({ element, wanted, got }: Mismatch): string {
    return `${element} wanted ${wanted.join(" or ")}, got ${got.length === 0 ? "nothing" : got.join(", ")}`;
}
