import type { Props } from "../../engine/kit/types.ts";
import { optionalText, propsOf, textOf } from "../schema/resource-type.ts";

/** A copy of a secret in another region. */
export interface SecretCopy {
    region: string;
    /** Key that encrypts the copy; absent for the account's `aws/secretsmanager` there. */
    kmsKeyArn: string | undefined;
}

/** Where a secret is replicated to, from what its item hides. */
export function secretCopies(hidden: Props): SecretCopy[] {
    const replicas = Array.isArray(hidden["replicas"]) ? hidden["replicas"] : [];
    return replicas.map((entry) => ({
        region: textOf(propsOf(entry), "region"),
        kmsKeyArn: optionalText(propsOf(entry), "kmsKeyArn"),
    }));
}

/** The ARN of a secret's copy: all but the region stays, the six random characters included. */
export function copyArn(arn: string, region: string): string {
    return arn.replace(/^arn:aws:secretsmanager:[^:]+/, `arn:aws:secretsmanager:${region}`);
}
