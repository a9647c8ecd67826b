import { vaultDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { number, text, texts } from "../../rule/values.ts";

const kubernetes = "vault:kubernetes/authBackendRole:AuthBackendRole";
const jwt = "vault:jwt/authBackendRole:AuthBackendRole";
const bound = { backend: "kubernetes-dev-01", audience: "vault", tokenTtl: 3600, tokenPolicies: ["read"] };

/** A Vault role is for named service accounts, one audience and an hour. */
export const vaultRoleBound = resourceRule<{ maxSeconds: number }>(
    {
        name: "vault-role-bound",
        description: "Bind Vault roles to service accounts, an audience and an hour.",
        severity: "high",
        framework: vaultDocs("auth/kubernetes", "Bound service accounts and audience"),
        why: "With `*` every pod of the cluster reads the tenant's secrets; without an audience any token of any service does.",
        remediationSteps: "Set boundServiceAccountNames, boundServiceAccountNamespaces, audience and tokenTtl.",
        settings: {
            maxSeconds: {
                description: "Longest life of a token in seconds.",
                type: "integer",
                minimum: 60,
                default: 3600,
            },
        },
        bad: {
            type: kubernetes,
            props: { ...bound, boundServiceAccountNames: ["*"], boundServiceAccountNamespaces: ["external-secrets"] },
        },
        good: {
            type: kubernetes,
            props: {
                ...bound,
                boundServiceAccountNames: ["external-secrets"],
                boundServiceAccountNamespaces: ["external-secrets"],
            },
        },
    },
    [kubernetes, jwt],
    ({ type, props, settings, fail }) => {
        const lists =
            type === kubernetes ? ["boundServiceAccountNames", "boundServiceAccountNamespaces"] : ["boundAudiences"];
        for (const property of lists) {
            const values = texts(props[property]);
            if (values.length === 0 || values.some((value) => value.includes("*"))) {
                fail(`${property} does not name who may sign in. Fix: list the names, without "*".`);
            }
        }
        if (
            type === jwt &&
            text(props["boundSubject"]) === "" &&
            Object.keys(props["boundClaims"] ?? {}).length === 0
        ) {
            fail("any token of the issuer signs in. Fix: set boundSubject or boundClaims.");
        }
        if (type === kubernetes && text(props["audience"]) === "") {
            fail("a token for any service signs in. Fix: set audience.");
        }
        for (const property of ["tokenTtl", "tokenMaxTtl"]) {
            const seconds = props[property] === undefined ? undefined : number(props[property]);
            if (seconds !== undefined && seconds > settings.maxSeconds) {
                fail(`${property} is ${seconds} s. Fix: set it to ${settings.maxSeconds} or less.`);
            }
        }
        if ((number(props["tokenTtl"]) ?? 0) === 0) {
            fail(`tokens live as long as Vault's default. Fix: set tokenTtl to ${settings.maxSeconds} or less.`);
        }
        if (texts(props["tokenPolicies"]).includes("root")) {
            fail("tokens may do everything in Vault. Fix: remove the policy root.");
        }
    },
);
