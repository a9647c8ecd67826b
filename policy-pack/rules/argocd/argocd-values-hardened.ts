import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { chart, release } from "../../rule/tokens.ts";
import { isOn, map, text } from "../../rule/values.ts";

const good = {
    configs: {
        cm: { "admin.enabled": false, "exec.enabled": false, "users.anonymous.enabled": false },
        rbac: { "policy.default": "" },
    },
    global: { networkPolicy: { create: true, defaultDenyIngress: true } },
};

/** Argo CD as its chart installs it has doors that nobody here needs. */
export const argocdValuesHardened = resourceRule(
    {
        name: "argocd-values-hardened",
        description: "Install Argo CD without the admin user, terminals, anonymous access and default rights.",
        severity: "high",
        framework: argocdDocs("operator-manual/security", "Hardening"),
        why: "Argo CD administers every cluster of the fleet: whoever signs in, or reaches Redis, does too.",
        remediationSteps: "Set the values as components/argocd does; the messages name each key.",
        bad: { type: release, props: { chart: "argo-cd", values: { ...good, configs: { ...good.configs, cm: {} } } } },
        good: { type: release, props: { chart: "argo-cd", values: good } },
    },
    [release, chart],
    ({ props, fail, skip }) => {
        if (!isArgoCd(props)) {
            skip("is about releases of argo-cd");
        }
        const values = map(props["values"]);
        const configs = map(values["configs"]);
        const [cm, params, rbac] = [map(configs["cm"]), map(configs["params"]), map(configs["rbac"])];
        const network = map(map(values["global"])["networkPolicy"]);
        const off = (value: unknown) => value === false || value === "false";
        const wanted: [ok: boolean, problem: string, fix: string][] = [
            [off(cm["admin.enabled"]), "the admin user signs in", 'configs.cm["admin.enabled"] to false'],
            // Off unless turned on.
            [!isOn(cm["exec.enabled"]), "terminals in pods are on", 'configs.cm["exec.enabled"] to false'],
            [
                !isOn(cm["users.anonymous.enabled"]),
                "anybody looks in",
                'configs.cm["users.anonymous.enabled"] to false',
            ],
            [text(rbac["policy.default"]) === "", "everybody has rights", 'configs.rbac["policy.default"] to ""'],
            [
                !text(params["application.namespaces"]).includes("*"),
                "Applications are taken from every namespace",
                'configs.params["application.namespaces"] to names',
            ],
            [
                !isOn(params["server.insecure"]) || ingressTerminates(values),
                "the UI has no TLS",
                'configs.params["server.insecure"] to false',
            ],
            [isOn(network["create"]), "no NetworkPolicy is made", "global.networkPolicy.create to true"],
            [
                isOn(network["defaultDenyIngress"]),
                "any pod reaches Redis",
                "global.networkPolicy.defaultDenyIngress to true",
            ],
            [
                !off(map(values["redisSecretInit"])["enabled"]) || map(values["externalRedis"])["host"] !== undefined,
                "Redis asks for no password",
                "redisSecretInit.enabled to true",
            ],
        ];
        for (const [, problem, fix] of wanted.filter(([ok]) => !ok)) {
            fail(`${problem}. Fix: set ${fix}.`);
        }
    },
);

/** By the chart's name or the end of its path. */
export function isArgoCd(props: Record<string, any>): boolean {
    return /(?:^|\/)argo-cd(?:-[\d.]+\.tgz)?\/?$/.test(text(props["chart"]));
}

/** Behind an ingress that ends TLS the server speaks plain HTTP to it. */
function ingressTerminates(values: Record<string, any>): boolean {
    const server = map(values["server"]);
    return ["ingress", "httproute"].some((way) => isOn(map(server[way])["enabled"]));
}
