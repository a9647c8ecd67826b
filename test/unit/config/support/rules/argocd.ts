import type { Tree } from "../../fixture.ts";
import { isChartRepository, isFolder, isRepository } from "./every-stack.ts";
import type { Rule } from "./rule.ts";

/** What Argo CD needs in each way of installing it. Secrets are as the file has them, encrypted. */
export const argocdRules: readonly Rule[] = [
    function keysFitTheWayOfInstalling({ argocd }) {
        const { install = "helm", chart, capability, ssoClientSecret } = argocd;
        return (
            (chart !== undefined) === (install === "helm") &&
            (capability !== undefined) === (install === "capability") &&
            (ssoClientSecret === undefined || install === "helm")
        );
    },
    function chartIsOneVersionOfOnePlace({ argocd: { chart } }) {
        const { version = "1.0.0", repository, path } = chart ?? {};
        return (
            /^v?\d+\.\d+\.\d+\b/.test(version) &&
            (repository === undefined || (path === undefined && isChartRepository(repository))) &&
            (path === undefined || isFolder(path))
        );
    },
    function peopleCanSignIn({ argocd: { capability } }) {
        const { identityCenterArn, roles, vpcEndpointIds = [] } = capability ?? { identityCenterArn: "", roles: {} };
        const people: Tree[] = Object.values<Tree[]>(roles).flat();
        return (
            capability === undefined ||
            (/^arn:aws:sso:::instance\/[a-z]+-[a-z0-9]+$/.test(identityCenterArn) &&
                roles.ADMIN !== undefined &&
                [...people.map(({ id }) => id), ...vpcEndpointIds].every((id: string) => /\S/.test(id)))
        );
    },
    function credentialsAreForOneRepositoryEach({ argocd: { repositories = [] } }) {
        const urls: string[] = repositories.map(({ url }: Tree) => url);
        return urls.every(isRepository) && new Set(urls).size === urls.length;
    },
    function credentialsFitTheirRepositories({ argocd: { repositories = [] } }) {
        return repositories.every(({ url, githubApp, ssh, token }: Tree) => {
            const ways = [githubApp, ssh, token].filter((way) => way !== undefined);
            return ways.length === 1 && (ssh === undefined) === /^https?:/.test(url);
        });
    },
    function credentialsAreComplete({ argocd: { repositories = [], ssoClientSecret } }) {
        return repositories.every(({ githubApp, ssh, token }: Tree) => {
            const ids = githubApp === undefined ? [] : [githubApp.id, githubApp.installationId];
            const secrets = [githubApp?.privateKey, ssh?.privateKey, token?.password, ssoClientSecret];
            return (
                ids.every((id) => /^[1-9]\d*$/.test(String(id))) &&
                /\S/.test(token?.username ?? "git") &&
                secrets.every((secret) => secret === undefined || /\S/.test(secret.secure))
            );
        });
    },
    function clientSecretIsSomething({ argocd: { ssoClientSecret } }) {
        return ssoClientSecret === undefined || /\S/.test(ssoClientSecret.secure);
    },
];
