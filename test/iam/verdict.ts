import type { Decision } from "../../sandbox/aws-twin/iam/evaluate.ts";

/** `A`llowed, explicitly `D`enied, or `-` not allowed. */
export function verdictOf({ allowed, reasons }: Decision): "A" | "D" | "-" {
    if (allowed) return "A";
    return reasons.some(({ outcome }) => outcome === "deny") ? "D" : "-";
}
