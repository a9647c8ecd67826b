import { rolePath } from "../../contract/names.ts";

/** What all roles of a stack have in common. */
export interface RoleSettings {
    /** IAM path, with a slash at both ends. The hub's policies and every spoke's ARNs hold it. */
    path: string;
    /** ARN of a managed policy that limits what any of the roles may ever do. It exists before the fleet does. */
    permissionsBoundary?: string | undefined;
}

/** Inputs of any component that makes a role. */
export interface MakesRoles {
    /** @default path /fleet/, no boundary */
    iam?: RoleSettings | undefined;
}

/** The inputs of an `aws.iam.Role` that all of a stack's roles share. */
export function commonRoleArgs(iam: RoleSettings | undefined): { path: string; permissionsBoundary?: string } {
    return {
        path: iam?.path ?? rolePath,
        ...(iam?.permissionsBoundary === undefined ? {} : { permissionsBoundary: iam.permissionsBoundary }),
    };
}
