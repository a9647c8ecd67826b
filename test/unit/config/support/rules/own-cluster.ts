import { range } from "./range.ts";
import { isLabel, type Rule } from "./rule.ts";

/** For a stack that makes its cluster, in AWS. */
export const ownClusterRules: readonly Rule[] = [
    function accountIsTwelveDigits({ account, spokeAccounts = [] }) {
        return [account.id, ...spokeAccounts].every((id: string) => /^\d{12}$/.test(id));
    },
    function rolesFitIntoIam({ role, cluster }) {
        const longest = role === "hub" ? "-external-secrets" : "-argocd-spoke";
        return cluster.name.length + longest.length <= 64;
    },
    function nothingIsListedTwice({ environments = [], spokeAccounts = [], cluster: { endpoint }, chartRegistry }) {
        const lists = [environments, spokeAccounts, endpoint.publicCidrs ?? [], chartRegistry?.charts ?? []];
        return lists.every((list) => new Set(list).size === list.length);
    },
    function publicEndpointIsLimited({ cluster: { endpoint } }) {
        const ranges: string[] = endpoint.publicCidrs ?? [];
        const sizes = [...new Set(ranges)].map((text) => range(text).size);
        return !endpoint.public || (sizes.length > 0 && sizes.every((size) => size <= 2n ** 24n));
    },
    function boundaryIsOurs({ account, iam: { permissionsBoundary, path = "/fleet/" } = {} }) {
        const owner = permissionsBoundary?.split(":")[4] ?? "aws";
        return /^\/.+\/$/.test(path) && [account.id, "aws"].includes(owner);
    },
    function registrationIsKept({ region, environment, registration = {} }) {
        const { recoveryWindowInDays: days = 30, replicaRegions = [] } = registration;
        const regions = [region, ...replicaRegions];
        return (
            new Set(regions).size === regions.length && (days === 0 ? environment !== "prod" : days >= 7 && days <= 30)
        );
    },
    function hubAdmitsTheAccount({ role, hub, account }, others) {
        const [, project, name] = role === "hub" ? [] : hub.stack.split("/");
        return project !== "fleet" || (others[name]?.spokeAccounts ?? [account.id]).includes(account.id);
    },
    function productionHasItsOwnAccount({ role, environment, account, sharedAccount }, others) {
        const hubs = Object.values(others).filter((other) => other.role === "hub");
        const shares = hubs.some((hub) => hub.account.id === account.id);
        return role === "hub" || environment !== "prod" || sharedAccount === true || !shares;
    },
    function deployRoleIsNamed({ account: { deployRole = "fleet-deployer" } }) {
        return /\S/.test(deployRole);
    },
    function aSpokesArgocdGetsSecrets({ role, distributed, addonRoles }) {
        return role === "hub" || distributed !== true || addonRoles?.externalSecrets !== undefined;
    },
    function teamsAreDifferent({ tenant, vault: { tenants = [] } = {} }) {
        const names = [tenant, ...tenants.map(({ name }: { name: string }) => name)];
        return names.every(isLabel) && new Set(names).size === names.length;
    },
];
