import { readPolicy, type Policy } from "./document.ts";
import { key, keyPolicy } from "../rule/tokens.ts";

/** Resources that hold the policy of a KMS key. */
export const keyPolicyTypes = [key, keyPolicy] as const;

/** The policy that a key or a key policy sets; undefined when a key leaves it to another resource, or to AWS. */
export function keyPolicyOf(props: Record<string, any>): Policy | undefined {
    const document: unknown = props["policy"];
    return document === undefined ? undefined : readPolicy(document);
}
