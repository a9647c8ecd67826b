import { argocdDocs } from "../../rule/frameworks.ts";
import { stackRule, type Member } from "../../rule/stack-rule.ts";
import { secret, secretVersion } from "../../rule/tokens.ts";
import { fromJson, map, text, texts } from "../../rule/values.ts";
import { isRegistration, registrationSetting } from "../../fleet/registrations.ts";

const credentials = ["bearerToken", "password", "token", "keyData", "secretAccessKey", "privateKey", "client-key-data"];
const ca = { caData: "Y2VydGlmaWNhdGU=", insecure: false };
const example = (config: object) => [
    { type: secret, name: "secret", props: { name: "fleet/hub-01/dev-01" } },
    {
        type: secretVersion,
        name: "content",
        props: { secretId: "?", secretString: JSON.stringify({ config: JSON.stringify(config) }) },
        from: { secretId: ["secret"] },
    },
];

interface Settings {
    names: string[];
    sources: string[];
}

/** A registration says how to reach a cluster, and holds nothing that opens it. */
export const registrationSecretNoCredential = stackRule<Settings>(
    {
        name: "registration-secret-no-credential",
        description: "Register clusters by role and certificate authority, without any credential.",
        severity: "critical",
        framework: argocdDocs("operator-manual/security", "Cluster credentials"),
        why: "A token in a registration works for whoever reads it, wherever, until somebody rotates it.",
        remediationSteps: "Use awsAuthConfig with roleARN; remove bearerToken, password and keyData.",
        settings: {
            names: registrationSetting,
            sources: {
                description:
                    "Types of resources whose outputs a registration may be made from, while its text is not known yet.",
                type: "array",
                items: { type: "string" },
                default: [
                    "aws:eks/cluster:Cluster",
                    "aws:iam/role:Role",
                    "aws:ec2/vpc:Vpc",
                    "aws:ec2/natGateway:NatGateway",
                    "aws:ec2/eip:Eip",
                    "aws:secretsmanager/secret:Secret",
                    "pulumi:pulumi:StackReference",
                ],
            },
        },
        bad: example({ bearerToken: "eyJhbGciOi...", tlsClientConfig: ca }),
        good: example({
            awsAuthConfig: {
                clusterName: "dev-01",
                roleARN: "arn:aws:iam::222222222222:role/fleet/dev-01-argocd-spoke",
            },
            tlsClientConfig: ca,
        }),
    },
    ({ members, each, settings, skip }) => {
        const registrations = members(secret).filter((one) => isRegistration(text(one.known("name")), settings.names));
        if (registrations.length === 0) {
            skip("is about secrets of the fleet's registrations");
        }
        each(members(secretVersion), (member) => {
            if (!member.from("secretId").some((one) => registrations.includes(one))) {
                return;
            }
            const content = member.known("secretString");
            if (content === undefined) {
                judgeSources(member, settings.sources);
            } else {
                judgeContent(member, fromJson(content));
            }
        });
    },
);

/** What the text will be made from is known before the text is. */
function judgeSources(member: Member, allowed: readonly string[]): void {
    const sources = member.from("secretString");
    const foreign = sources.filter(({ type }) => !allowed.includes(type) && !type.startsWith("fleet:"));
    if (sources.length === 0) {
        member.fail(
            "cannot be judged, because secretString is not known yet and comes from nowhere. Fix: build it here.",
        );
    }
    if (foreign.length > 0) {
        const names = foreign.map(({ type, name }) => `${name} (${type})`).join(", ");
        member.fail(`is made from ${names}. Fix: make it from the cluster, its role and its network only.`);
    }
}

/** Names what is wrong, never a value. */
function judgeContent(member: Member, content: unknown): void {
    const found = keysOf(content);
    const secrets = credentials.filter((name) => found.has(name));
    if (secrets.length > 0) {
        member.fail(`holds ${secrets.join(", ")}. Fix: register by awsAuthConfig.`);
    }
    if (found.has("insecure") && valueOf(content, "insecure") !== false) {
        member.fail("does not check the cluster's certificate. Fix: set insecure to false, with caData.");
    }
    const roleArn = text(valueOf(content, "roleARN"));
    const own = texts(fromJson(member.resource.provider?.props["allowedAccountIds"]));
    if (roleArn !== "" && own.length > 0 && !own.includes(roleArn.split(":")[4] ?? "")) {
        member.fail("names a role of another account. Fix: set awsAuthConfig.roleARN to a role of this stack.");
    }
}

/** Every key at any depth, also inside JSON that is held as text. */
function keysOf(value: unknown): Set<string> {
    const nested = typeof value === "string" ? fromJson(value) : value;
    if (typeof nested !== "object" || nested === null) {
        return new Set();
    }
    return new Set(
        Object.entries(nested).flatMap(([name, item]) => [...(Array.isArray(nested) ? [] : [name]), ...keysOf(item)]),
    );
}

function valueOf(value: unknown, name: string): unknown {
    const nested = map(typeof value === "string" ? fromJson(value) : value);
    if (name in nested) {
        return nested[name];
    }
    return Object.values(nested)
        .map((item) => valueOf(item, name))
        .find((found) => found !== undefined);
}
