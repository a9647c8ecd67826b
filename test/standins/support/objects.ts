import type { Props } from "../../../sandbox/engine/kit/types.ts";

/** Type tokens and inputs of objects in the namespace `objects`. */
export const NAMESPACE = "kubernetes:core/v1:Namespace";
export const SECRET = "kubernetes:core/v1:Secret";
export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
export const WIDGET = "kubernetes:example.org/v1:Widget";

export const namespace = (name: string): Props => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
export const secret = (name: string, data: Props): Props => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "objects" },
    stringData: data,
});
export const configMap = (name: string, data: Props, metadata: Props = {}): Props => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "objects", ...metadata },
    data,
});
export const widget = (name: string, spec: Props): Props => ({
    apiVersion: "example.org/v1",
    kind: "Widget",
    metadata: { name, namespace: "objects" },
    spec,
});
export const deployment = (name: string, image: string, replicas = 1): Props => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "objects" },
    spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image }] } },
    },
});
export const widgetCrd: Props = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.org" },
    spec: {
        group: "example.org",
        names: { kind: "Widget", plural: "widgets" },
        scope: "Namespaced",
        versions: [
            {
                name: "v1",
                served: true,
                storage: true,
                schema: {
                    openAPIV3Schema: {
                        type: "object",
                        properties: {
                            spec: {
                                type: "object",
                                properties: { size: { type: "integer" }, color: { type: "string" } },
                            },
                        },
                    },
                },
            },
        ],
    },
};
