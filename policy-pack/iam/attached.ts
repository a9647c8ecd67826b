import { list, map } from "../rule/values.ts";
import { policy, role, rolePolicy } from "../rule/tokens.ts";
import { readPolicy, type Policy } from "./document.ts";

/** Resources that hold permissions of a role. */
export const permissionTypes = [rolePolicy, policy, role] as const;

/** The permissions that a resource grants: a policy's document, or every inline policy of a role. */
export function permissions(type: string, props: Record<string, any>): Policy[] {
    if (type === role) {
        return list(props["inlinePolicies"]).map((inline) => readPolicy(map(inline)["policy"]));
    }
    return [readPolicy(props["policy"])];
}
