{{/*
Repository of an upstream chart: the mirror if there is one. Argo CD names an OCI registry without its scheme.
Argument: list $ "chart name".
*/}}
{{- define "bootstrap.chartRepository" -}}
{{- $root := index . 0 -}}
{{- $root.Values.chartMirror | default (index $root.Values.charts (index . 1)).repository | trimPrefix "oci://" -}}
{{- end }}

{{/* Every Application of this chart belongs to the hub and to the group "bootstrap". Argument: list $ "component". */}}
{{- define "bootstrap.labels" -}}
cluster: {{ (index . 0).Values.hub }}
component: {{ index . 1 }}
group: bootstrap
{{- end }}

{{/*
Retries have no limit: a bootstrap that gave up would need a person, and `refresh` lets a fixing commit in between two
retries. Deletion is decided nowhere here: without a finalizer, an Application that goes leaves its resources alone.
*/}}
{{- define "bootstrap.syncPolicy" -}}
automated:
  prune: true
  selfHeal: true
retry:
  limit: -1
  refresh: true
  backoff:
    duration: 5s
    factor: 2
    maxDuration: 3m
syncOptions:
  - CreateNamespace=true
  - ServerSideApply=true
{{- end }}
