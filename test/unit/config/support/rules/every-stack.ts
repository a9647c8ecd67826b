import { isLabel, type Rule } from "./rule.ts";

/** For each kind of stack. */
export const everyStackRules: readonly Rule[] = [
    function textIsNotBlank({ owner, git }) {
        return [owner, git.revision].every((word: string) => /\S/.test(word));
    },
    function namesAreLabels({ environment, environments = [], tenant, cluster }) {
        const names = [environment, ...environments, tenant];
        return names.every((name: string) => isLabel(name) && name.length <= 63) && isLabel(cluster.name);
    },
    function environmentIsKnown({ environment, environments = ["dev", "staging", "prod"] }) {
        return environment === "hub" || environments.includes(environment);
    },
    function gitPathStaysInside({ git: { path = "gitops" } }) {
        return isFolder(path);
    },
    function prodIsPinned({ environment, git }) {
        return environment !== "prod" || git.revision !== "HEAD";
    },
    function vaultIsSafe({ vault }) {
        return vault === undefined || /^https:\/\//i.test(vault.address.trim());
    },
    function clusterNameIsOurs({ cluster }, others) {
        const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
        return Object.values(others).every((other) => plain(other.cluster.name) !== plain(cluster.name));
    },
    function hubIsHub({ role, hub }, others, stack) {
        if (role === "hub") {
            return true;
        }
        const [organization, project, name, ...more] = hub.stack.split("/");
        const isStack = [organization, project, name].every((part) => part !== undefined && part !== "");
        return (
            isStack && more.length === 0 && (project !== "fleet" || (name !== stack && others[name]?.role !== "spoke"))
        );
    },
    function gitIsReachable({ git }) {
        return isRepository(git.url);
    },
    function mirrorIsSafe({ chartMirror }) {
        return chartMirror === undefined || isChartRepository(chartMirror);
    },
];

/** An address that nobody on the way can change what comes from, without a credential. */
export function isRepository(url: string): boolean {
    const hasCredential = url.includes("://") && !url.startsWith("ssh:") && /\/\/[^/]*@/.test(url);
    return (
        !hasCredential &&
        /^(https:\/\/[^/]|ssh:\/\/|http:\/\/(127\.0\.0\.1|localhost)|[\w.-]+@[\w.-]+:)/i.test(url.trim())
    );
}

/** The same of Helm charts. */
export function isChartRepository(url: string): boolean {
    return /^(https|oci):\/\//i.test(url.trim());
}

/** A folder that is not outside the repository. */
export function isFolder(path: string): boolean {
    return path !== "" && path.split("/").every((part) => part !== "" && part !== "..");
}
