import { cisEks } from "../../rule/frameworks.ts";
import { stackRule, type Member } from "../../rule/stack-rule.ts";
import { namespace, release } from "../../rule/tokens.ts";
import { isOn, list, map, text, texts } from "../../rule/values.ts";

const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

/** In a namespace that the program makes, nothing is reached unless a policy says so. */
export const k8sDefaultDenyNetpol = stackRule(
    {
        name: "k8s-default-deny-netpol",
        description: "Refuse all ingress by default in each namespace the program makes.",
        severity: "high",
        framework: cisEks("4.3.2", "Ensure that all namespaces have NetworkPolicies defined"),
        why: "Any pod of the cluster otherwise reaches what runs there, such as Argo CD's Redis (CVE-2024-31989).",
        remediationSteps:
            'Add a NetworkPolicy with podSelector {} and policyTypes ["Ingress"], or for Argo CD set global.networkPolicy.defaultDenyIngress of its chart.',
        bad: { type: namespace, name: "ns", props: { metadata: { name: "argocd" } } },
        good: [
            { type: namespace, name: "ns", props: { metadata: { name: "argocd" } } },
            {
                type: networkPolicy,
                props: { metadata: { namespace: "argocd" }, spec: { podSelector: {}, policyTypes: ["Ingress"] } },
            },
        ],
    },
    ({ members, each, skip }) => {
        const namespaces = members(namespace);
        if (namespaces.length === 0) {
            skip(`is about ${namespace}`);
        }
        const policies = members(networkPolicy);
        const releases = members(release);
        each(namespaces, (member) => {
            const name = text(map(member.props["metadata"])["name"]);
            const within = (one: Member, given: unknown) =>
                (name !== "" && given === name) ||
                one.from("namespace").includes(member) ||
                one.from("metadata").includes(member);
            // Argo CD that AWS runs keeps its objects in the namespace, and no pods.
            const podless = members("aws:eks/capability:Capability").some(
                (one) => map(map(one.known("configuration"))["argoCd"])["namespace"] === name,
            );
            const denied =
                podless ||
                policies.some((one) => within(one, map(one.known("metadata"))["namespace"]) && deniesIngress(one)) ||
                releases.some((one) => within(one, one.known("namespace")) && chartDenies(one));
            if (!denied) {
                member.fail(
                    `every pod of the cluster reaches those of ${name}. Fix: add a NetworkPolicy that denies ingress.`,
                );
            }
        });
    },
);

function deniesIngress(policy: Member): boolean {
    const spec = map(policy.known("spec"));
    const selector = map(spec["podSelector"]);
    const all = Object.keys(map(selector["matchLabels"])).length + list(selector["matchExpressions"]).length === 0;
    const types = texts(spec["policyTypes"]);
    return all && (types.length === 0 || types.includes("Ingress")) && list(spec["ingress"]).length === 0;
}

/** Argo CD's chart brings the policies, and one that denies the rest, when told so. */
function chartDenies(one: Member): boolean {
    const settings = map(map(map(one.known("values"))["global"])["networkPolicy"]);
    return isOn(settings["create"]) && isOn(settings["defaultDenyIngress"]);
}
