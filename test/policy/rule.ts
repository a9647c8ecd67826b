import { unknownCheckingProxy, type ResourceValidationArgs, type ResourceValidationPolicy } from "@pulumi/policy";

/** Stands for a value that a preview does not know; the text is the engine's own. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What a rule made of a resource. */
export type Verdict = { violations: string[] } | { notApplicable: string };

class NotApplicable extends Error {}

/** A resource as a rule sees it. */
export interface JudgedResource {
    type: string;
    name: string;
    props: Record<string, unknown>;
}

/** Runs a resource rule as the analyzer does, unknown values included. */
export async function judge(
    rule: ResourceValidationPolicy,
    resource: JudgedResource,
    config: object = {},
): Promise<Verdict> {
    const violations: string[] = [];
    const args: ResourceValidationArgs = {
        type: resource.type,
        name: resource.name,
        props: unknownCheckingProxy(resource.props),
        urn: `urn:pulumi:dev::fleet::${resource.type}::${resource.name}`,
        opts: {
            protect: false,
            ignoreChanges: [],
            aliases: [],
            customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
            additionalSecretOutputs: [],
        },
        stackTags: new Map(),
        isType: () => false,
        asType: () => undefined,
        getConfig: () => config as never,
        notApplicable: (reason = "") => {
            throw new NotApplicable(reason);
        },
    };
    const validations = [rule.validateResource ?? []].flat();
    try {
        for (const validate of validations) {
            await validate(args, (message) => violations.push(message));
        }
    } catch (error) {
        if (error instanceof NotApplicable) {
            return { notApplicable: error.message };
        }
        throw error;
    }
    return { violations };
}
