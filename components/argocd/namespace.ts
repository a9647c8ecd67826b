import { argocdNamespace } from "../../contract/names.ts";

/** Argo CD's namespace. It refuses pods that could take over their node; Argo CD's own ask for nothing of the kind. */
export const namespaceMetadata = {
    name: argocdNamespace,
    labels: { "pod-security.kubernetes.io/enforce": "baseline" },
};
