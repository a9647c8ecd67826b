{{- /* What upstream makes beside each workload: a Service for its metrics, a disruption budget. */}}
{{- $workloads := list
    (dict "key" "controller" "name" "argocd-application-controller" "component" "application-controller" "port" 8082)
    (dict "key" "applicationSet" "name" "argocd-applicationset-controller" "component" "applicationset-controller" "port" 8080)
    (dict "key" "repoServer" "name" "argocd-repo-server" "component" "repo-server" "port" 8084)
    (dict "key" "server" "name" "argocd-server" "component" "server" "port" 8083)
    (dict "key" "notifications" "name" "argocd-notifications-controller" "component" "notifications-controller" "port" 9001) }}
{{- range $workload := $workloads }}
{{- $values := index $.Values $workload.key }}
{{- $exists := or (ne $workload.key "notifications") $values.enabled }}
{{- if and $exists $values.metrics.enabled }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $workload.name }}-metrics
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" (printf "%s-metrics" $workload.name) "component" $workload.component) | nindent 4 }}
spec:
  type: ClusterIP
  ports:
    - { name: http-metrics, protocol: TCP, port: {{ $workload.port }}, targetPort: {{ $workload.port }} }
  selector:
    app.kubernetes.io/name: {{ $workload.name }}
    app.kubernetes.io/instance: {{ $.Release.Name }}
{{- end }}
{{- if (dig "pdb" "enabled" false $values) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $workload.name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" $workload.name "component" $workload.component) | nindent 4 }}
spec:
  maxUnavailable: {{ $values.pdb.maxUnavailable }}
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ $workload.name }}
      app.kubernetes.io/instance: {{ $.Release.Name }}
{{- end }}
{{- end }}
{{- with .Values.notifications }}
{{- if .enabled }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-notifications-cm
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" "argocd-notifications-controller" "component" "notifications-controller") | nindent 4 }}
data:
  context: |
    argocdUrl: {{ printf "https://%s" $.Values.global.domain }}
  {{- with .notifiers }}
    {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .subscriptions }}
  subscriptions: |
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .templates }}
    {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .triggers }}
    {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}
