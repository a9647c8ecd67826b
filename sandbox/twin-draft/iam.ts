import type { Props } from "../engine/kit/types.ts";
import { echoed, free, hex, object, randomText, role, text, unused } from "./lookups.ts";
import { checkDocument, isJson, pin } from "./policies.ts";
import { AwsError, type Context, type ResourceType } from "./resource-type.ts";

export const ROLE = "aws:iam/role:Role";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** AWS managed policies that the program may attach. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ */
const MANAGED_POLICIES = [
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonSSMManagedInstanceCore",
    "service-role/AmazonEBSCSIDriverPolicy",
].map((name) => `arn:aws:iam::aws:policy/${name}`);

const pinTrust = (context: Context, inputs: Props) =>
    pin(context, text(inputs, "assumeRolePolicy"), "trust", `trust policy of ${text(inputs, "name")}`, "MalformedPolicyDocument");

export const iamTypes: ResourceType[] = [
    {
        type: ROLE,
        named: true,
        inputs: {
            name: { shape: "string", required: true, replace: true, check: roleName },
            path: { shape: "string", replace: true, default: "/" },
            assumeRolePolicy: { shape: "string", required: true, check: isJson },
            description: { shape: "string" },
            maxSessionDuration: { shape: "number", default: 3600, check: sessionDuration },
            permissionsBoundary: { shape: "string" },
            forceDetachPolicies: { shape: "boolean", default: false },
            tags: { shape: "object" },
        },
        stable: ["arn", "uniqueId", "createDate"],
        computed: ["arn", "uniqueId", "createDate"],
        async create(context, inputs) {
            const name = text(inputs, "name");
            free(context, ROLE, name, "EntityAlreadyExists", `Role with name ${name} already exists.`);
            const extra = {
                arn: `arn:aws:iam::${context.caller.account}:role${text(inputs, "path")}${name}`,
                uniqueId: `AROA${randomText(17, ID_ALPHABET)}`,
                createDate: context.clock().toISOString(),
                pinned: { ...pinTrust(context, inputs) },
            };
            return { id: name, outputs: echoed(context, inputs, extra) };
        },
        async update(context, stored, inputs) {
            return { ...stored.outputs, ...echoed(context, inputs, { pinned: { ...pinTrust(context, inputs) } }) };
        },
        async remove(context, stored) {
            const users = [ROLE_POLICY, ATTACHMENT].flatMap((type) =>
                context.store
                    .all(type, context.caller.account)
                    .filter(({ inputs }) => inputs["role"] === stored.id)
                    .map(({ id }) => id),
            );
            unused(context, users, "DeleteConflict", "Cannot delete entity, must delete policies first.");
        },
    },
    {
        type: ROLE_POLICY,
        inputs: {
            name: { shape: "string", replace: true },
            role: { shape: "string", required: true, replace: true },
            policy: { shape: "string", required: true, check: isJson },
        },
        stable: [],
        computed: [],
        async create(context, inputs) {
            const name = text(inputs, "name") || `policy-${hex(8)}`;
            const owner = role(context, text(inputs, "role"));
            checkDocument(text(inputs, "policy"), "identity", `inline policy ${name} of ${owner.id}`);
            const id = `${owner.id}:${name}`;
            free(context, ROLE_POLICY, id, "EntityAlreadyExists", `Role policy ${name} already exists.`);
            return { id, outputs: { ...inputs, name } };
        },
        async update(context, stored, inputs) {
            checkDocument(text(inputs, "policy"), "identity", `inline policy ${stored.id}`);
            return { ...stored.outputs, ...inputs };
        },
    },
    {
        type: ATTACHMENT,
        inputs: {
            role: { shape: "string", required: true, replace: true },
            policyArn: { shape: "string", required: true, replace: true },
        },
        stable: [],
        computed: [],
        async create(context, inputs) {
            const owner = role(context, text(inputs, "role"));
            const policy = text(inputs, "policyArn");
            if (!MANAGED_POLICIES.includes(policy)) {
                throw new AwsError("NoSuchEntity", `Policy ${policy} does not exist or is not attachable (known: ${MANAGED_POLICIES.join(", ")})`);
            }
            return { id: `${owner.id}/${policy}`, outputs: { ...inputs } };
        },
    },
];

function roleName(value: unknown): string | undefined {
    return /^[\w+=,.@-]{1,64}$/.test(String(value)) ? undefined : "must be 1 to 64 letters, digits or +=,.@-_";
}

function sessionDuration(value: unknown): string | undefined {
    const seconds = Number(value);
    return seconds >= 3600 && seconds <= 43_200 ? undefined : "must be 3600 to 43200 seconds";
}

/** The pinned trust policy that a stored role keeps beside its outputs. */
export function pinnedOf(outputs: Props): { document: string; principalIds: Record<string, string> } {
    const pinned = object(outputs["pinned"]);
    return {
        document: text(pinned, "document"),
        principalIds: object(pinned["principalIds"]) as Record<string, string>,
    };
}
