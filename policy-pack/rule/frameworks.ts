import type { Framework } from "./rule.ts";

/** A recommendation of the CIS benchmark for EKS. */
export function cisEks(reference: string, specification: string): Framework {
    return { name: "CIS Amazon EKS Benchmark", version: "1.8.0", reference, specification };
}

/** A control of AWS Security Hub. */
export function securityHub(reference: string, specification: string): Framework {
    return { name: "AWS Security Hub", version: "2026-11", reference, specification };
}

/** A page of the EKS best practices guide. */
export function eksGuide(reference: string, specification: string): Framework {
    return { name: "Amazon EKS Best Practices Guide", version: "2026-11", reference, specification };
}

/** A page of the Argo CD documentation. */
export function argocdDocs(reference: string, specification: string): Framework {
    return { name: "Argo CD documentation", version: "3.5", reference, specification };
}

/** A page of AWS' documentation. */
export function awsDocs(reference: string, specification: string): Framework {
    return { name: "AWS documentation", version: "2026-11", reference, specification };
}

/** A page of Vault's documentation. */
export function vaultDocs(reference: string, specification: string): Framework {
    return { name: "Vault documentation", version: "1.20", reference, specification };
}

/** A decision of this repository that no framework asks for. */
export function fleetDesign(reference: string, specification: string): Framework {
    return { name: "gitops-fleet", version: "0.1.0", reference, specification };
}
