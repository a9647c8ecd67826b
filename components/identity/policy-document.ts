/** Condition operators, each with context keys and the values they may have. */
export type PolicyConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an IAM, KMS or Secrets Manager policy. */
export interface PolicyStatement {
    Sid: string;
    Effect: "Allow" | "Deny";
    Principal?: { AWS: string | readonly string[] } | { Service: string };
    Action: string | readonly string[];
    Resource?: string | readonly string[];
    Condition?: PolicyConditions;
}

/** A policy as AWS reads it. */
export interface PolicyDocument {
    Version: "2012-10-17";
    Statement: readonly PolicyStatement[];
}

/** The document as AWS takes it. Key order is the source's, so an unchanged policy is an unchanged string. */
export function policyJson(document: PolicyDocument): string {
    return JSON.stringify(document);
}
