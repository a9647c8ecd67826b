import { configKey, type Problem, shown } from "./problems.ts";

/** What the checks need to know besides the values. */
export interface ArgocdSurroundings {
    /** Where the value files are, for the messages. */
    file: string;
    /** What the hub serves; nobody signs in with a password in prod. */
    environment: string;
    /** Whether the stack makes the Secret argocd-sso. */
    hasSsoClientSecret: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** A setting with one safe value. */
interface Setting {
    path: readonly string[];
    /** What the upstream chart does when nobody says. */
    byDefault: boolean | string;
    safe: boolean | string;
    why: string;
}

const cm = (key: string) => ["configs", "cm", key] as const;

/** Settings that no hub may loosen. Defaults are those of the chart argo-cd 10. */
const settings: readonly Setting[] = [
    { path: cm("exec.enabled"), byDefault: false, safe: false, why: "opens a shell in every pod of the fleet" },
    { path: cm("users.anonymous.enabled"), byDefault: false, safe: false, why: "lets anybody in" },
    {
        path: ["configs", "rbac", "policy.default"],
        byDefault: "",
        safe: "",
        why: "gives everybody who can sign in a role",
    },
    {
        path: ["global", "networkPolicy", "create"],
        byDefault: true,
        safe: true,
        why: "leaves Redis and the repository server open to every pod (CVE-2024-31989)",
    },
    {
        path: ["global", "networkPolicy", "defaultDenyIngress"],
        byDefault: false,
        safe: true,
        why: "leaves what no other policy mentions open",
    },
    { path: ["redisSecretInit", "enabled"], byDefault: true, safe: true, why: "leaves Redis without a password" },
];

/** What the values of a hub's Argo CD must not say. */
export function hardeningProblems(values: Values, around: ArgocdSurroundings): Problem[] {
    const problem = (code: string, path: readonly string[], text: string): Problem => ({
        code,
        key: `${around.file} ${configKey(path).replace(/^fleet:/, "")}`,
        text,
    });
    const loose = settings
        .filter(({ path, byDefault, safe }) => textAt(values, path, String(byDefault)) !== String(safe))
        .map(({ path, byDefault, safe, why }) =>
            problem(
                "E-ARG-005",
                path,
                `${why} (got ${shown(at(values, path) ?? byDefault)}; allowed: ${shown(safe)}). Fix: set ${shown(safe)}.`,
            ),
        );
    const anyNamespace = textAt(values, ["configs", "params", "application.namespaces"]);
    if (anyNamespace.includes("*")) {
        const path = ["configs", "params", "application.namespaces"];
        loose.push(problem("E-ARG-005", path, `a pattern (got ${shown(anyNamespace)}). Fix: list exact namespaces.`));
    }
    return [...loose, ...signInProblems(values, around, problem), ...loadBalancerProblems(values, problem)];
}

type MakeProblem = (code: string, path: readonly string[], text: string) => Problem;

/** Who may sign in, as soon as somebody can reach the server. */
function signInProblems(values: Values, around: ArgocdSurroundings, problem: MakeProblem): Problem[] {
    const found: Problem[] = [];
    const admin = textAt(values, cm("admin.enabled"), "true") === "true";
    const oidc = textAt(values, cm("oidc.config"));
    const dex = textAt(values, cm("dex.config"));
    const exposed = isExposed(values);
    if (admin && (exposed || around.environment === "prod")) {
        const where = exposed ? "while the server can be reached from outside the cluster" : "in prod";
        found.push(
            problem("E-ARG-006", cm("admin.enabled"), `a password that all share, ${where}. Fix: set false, use SSO.`),
        );
    }
    if (exposed && oidc === "" && dex === "") {
        const text = "the server can be reached from outside the cluster, but nobody has a way to sign in. ";
        found.push(problem("E-ARG-007", cm("oidc.config"), `${text}Fix: set oidc.config or dex.config.`));
    }
    if (oidc !== "" && dex !== "") {
        found.push(problem("E-ARG-007", cm("dex.config"), "both oidc.config and dex.config. Fix: keep one."));
    }
    if (dex !== "" && at(values, ["dex", "enabled"]) === false) {
        found.push(problem("E-ARG-007", ["dex", "enabled"], "dex.config needs it. Fix: set true."));
    }
    if ((oidc + dex).includes("$argocd-sso:clientSecret") && !around.hasSsoClientSecret) {
        const text = "refers to $argocd-sso:clientSecret, which nobody makes. Fix: `pulumi config set --secret --path ";
        found.push(
            problem(
                "E-ARG-008",
                cm(oidc === "" ? "dex.config" : "oidc.config"),
                `${text}fleet:argocd.ssoClientSecret\`.`,
            ),
        );
    }
    if (/clientSecret: *["']?[^\s"'$]/i.test(oidc + dex)) {
        const text = "a client secret in Git. Fix: write $argocd-sso:clientSecret, and replace the exposed one.";
        found.push(problem("E-ARG-008", cm(oidc === "" ? "dex.config" : "oidc.config"), text));
    }
    return found;
}

/** Whether anything outside the cluster can reach the server beyond the webhook's path. */
function isExposed(values: Values): boolean {
    const route = at(values, ["server", "httproute"]) as Values | undefined;
    const objects = listAt(values, ["extraObjects"]);
    return (
        (at(values, ["server", "service", "type"]) ?? "ClusterIP") !== "ClusterIP" ||
        at(values, ["server", "ingress", "enabled"]) === true ||
        (route?.["enabled"] === true && !isWebhookOnly(route)) ||
        objects.some(({ kind, spec }) =>
            kind === "HTTPRoute" ? !isWebhookOnly(spec as Values) : /^(Ingress|Service|GRPCRoute)$/.test(String(kind)),
        )
    );
}

/** Whether a route admits Git's signed webhooks and nothing else. */
function isWebhookOnly(route: Values): boolean {
    const rules = listAt(route, ["rules"]);
    return (
        rules.length > 0 &&
        rules.every((rule) => {
            const matches = listAt(rule, ["matches"]);
            return (
                matches.length > 0 &&
                matches.every(
                    (match) =>
                        at(match, ["path", "type"]) === "Exact" && at(match, ["path", "value"]) === "/api/webhook",
                )
            );
        })
    );
}

/** A load balancer must be internal and speak TLS. */
function loadBalancerProblems(values: Values, problem: MakeProblem): Problem[] {
    const service = ["server", "service"];
    const type = at(values, [...service, "type"]) ?? "ClusterIP";
    if (type === "ClusterIP") {
        return [];
    }
    if (type !== "LoadBalancer") {
        const text = `opens a port of every node (got ${shown(type)}; allowed: ClusterIP, LoadBalancer). Fix: use one of them.`;
        return [problem("E-ARG-009", [...service, "type"], text)];
    }
    const annotation = (name: string) => `service.beta.kubernetes.io/aws-load-balancer-${name}`;
    const given = (name: string) => textAt(values, [...service, "annotations", annotation(name)]);
    const found: Problem[] = [];
    if (given("scheme") !== "internal") {
        const text = `the load balancer would face the internet. Fix: set ${annotation("scheme")}: internal.`;
        found.push(problem("E-ARG-009", [...service, "annotations"], text));
    }
    if (!/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/.test(given("ssl-cert"))) {
        const text = `no certificate of ACM. Fix: set ${annotation("ssl-cert")} to its ARN.`;
        found.push(problem("E-ARG-009", [...service, "annotations"], text));
    }
    return found;
}

function listAt(values: Values, path: readonly string[]): Values[] {
    const list = at(values, path);
    return Array.isArray(list) ? (list as Values[]) : [];
}

/** Argo CD reads a setting as text, however YAML spells it. */
function textAt(values: Values, path: readonly string[], byDefault = ""): string {
    const value = at(values, path);
    return typeof value === "string" ? value : value === undefined ? byDefault : shown(value);
}

function at(values: Values, path: readonly string[]): unknown {
    return path.reduce<unknown>(
        (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
        values,
    );
}
