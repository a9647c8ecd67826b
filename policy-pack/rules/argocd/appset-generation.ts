import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { applicationSet } from "../../rule/tokens.ts";
import { isOn, map, text, texts } from "../../rule/values.ts";

const good = {
    goTemplate: true,
    goTemplateOptions: ["missingkey=error"],
    syncPolicy: { preserveResourcesOnDeletion: true },
};

interface Settings {
    preserve: boolean;
}

/** A generator that returns nonsense, or nothing, changes nothing. */
export const appsetGeneration = resourceRule<Settings>(
    {
        name: "appset-generation",
        description:
            "Let ApplicationSets fail on missing values, and keep applications when a generator returns nothing.",
        severity: "high",
        framework: argocdDocs("operator-manual/applicationset/GoTemplate", "missingkey=error"),
        why: "A label that is missing renders <no value>; a generator that returns nothing deletes every application it made (argo-cd#18480).",
        remediationSteps:
            'Set goTemplate: true, goTemplateOptions: ["missingkey=error"] and syncPolicy.preserveResourcesOnDeletion: true.',
        settings: {
            preserve: {
                description: "Whether applications must outlive what their generator returns.",
                type: "boolean",
                default: true,
            },
        },
        bad: { type: applicationSet, props: { spec: { ...good, goTemplateOptions: [] } } },
        good: { type: applicationSet, props: { spec: good } },
    },
    [applicationSet],
    ({ props, settings, fail }) => {
        const spec = map(props["spec"]);
        if (!isOn(spec["goTemplate"]) || !texts(spec["goTemplateOptions"]).includes("missingkey=error")) {
            fail('renders missing values as text. Fix: set goTemplate and goTemplateOptions ["missingkey=error"].');
        }
        const sync = map(spec["syncPolicy"]);
        const kept =
            isOn(sync["preserveResourcesOnDeletion"]) ||
            ["create-only", "create-update"].includes(text(sync["applicationsSync"]));
        if (settings.preserve && !kept) {
            fail(
                "deletes applications when its generator returns nothing. Fix: set syncPolicy.preserveResourcesOnDeletion.",
            );
        }
    },
);
