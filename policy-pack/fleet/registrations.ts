import { matches } from "../iam/pattern.ts";
import type { SettingSchema } from "../rule/rule.ts";
import type { Member } from "../rule/stack-rule.ts";
import { key, secret } from "../rule/tokens.ts";
import { text } from "../rule/values.ts";

/** Setting of every rule that must know which secrets are registrations. */
export const registrationSetting: SettingSchema = {
    description: "Names of the secrets in which clusters register with a hub, as patterns.",
    type: "array",
    items: { type: "string", minLength: 3 },
    default: ["fleet/*/*"],
};

/** Whether a secret's name is that of a registration. */
export function isRegistration(name: string, patterns: readonly string[]): boolean {
    return patterns.some((pattern) => matches(pattern, name));
}

/** Registrations of a stack with the keys that encrypt them. */
export function registrationKeys(secrets: readonly Member[], patterns: readonly string[]): [Member, Member[]][] {
    return secrets
        .filter((one) => one.type === secret && isRegistration(text(one.known("name")), patterns))
        .map((one) => [one, one.from("kmsKeyId").filter(({ type }) => type === key)]);
}
