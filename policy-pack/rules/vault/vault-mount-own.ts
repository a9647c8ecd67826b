import { vaultDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { text } from "../../rule/values.ts";

const mount = "vault:index/authBackend:AuthBackend";

/** Each cluster signs in at a mount of its own. */
export const vaultMountOwn = stackRule(
    {
        name: "vault-mount-own",
        description: "Give each cluster an auth mount of its own, not Vault's default path.",
        severity: "medium",
        framework: vaultDocs("auth/kubernetes", "One mount per cluster"),
        why: "A mount trusts one API server: two clusters on one path lock each other out, or accept each other's tokens.",
        remediationSteps: "Set path to kubernetes-<cluster>, as vaultAuthPath of contract/names.ts does.",
        bad: { type: mount, props: { type: "kubernetes" } },
        good: { type: mount, props: { type: "kubernetes", path: "kubernetes-dev-01" } },
    },
    ({ members, each, skip }) => {
        const mounts = members(mount);
        if (mounts.length === 0) {
            skip(`is about ${mount}`);
        }
        each(mounts, (member) => {
            const path = text(member.props["path"]);
            const type = text(member.props["type"]);
            if (path === "" || path === type) {
                member.fail(
                    `uses the path ${path === "" ? "of its type" : path}. Fix: set path to kubernetes-<cluster>.`,
                );
            }
            if (mounts.some((other) => other !== member && text(other.known("path")) === path)) {
                member.fail(`shares ${path} with another mount. Fix: set path to kubernetes-<cluster>.`);
            }
        });
    },
);
