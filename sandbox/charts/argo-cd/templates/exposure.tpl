{{- $server := .Values.server }}
apiVersion: v1
kind: Service
metadata:
  name: argocd-server
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" "argocd-server" "component" "server") | nindent 4 }}
  {{- with $server.service.annotations }}
  annotations:
    {{- range $key, $value := . }}
    {{ $key }}: {{ $value | quote }}
    {{- end }}
  {{- end }}
spec:
  type: {{ $server.service.type }}
  {{- if eq $server.service.type "LoadBalancer" }}
  externalTrafficPolicy: Cluster
  {{- with $server.service.loadBalancerClass }}
  loadBalancerClass: {{ . }}
  {{- end }}
  {{- with $server.service.loadBalancerSourceRanges }}
  loadBalancerSourceRanges:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  sessionAffinity: None
  ports:
    - { name: http, protocol: TCP, port: 80, targetPort: 8080 }
    - { name: https, protocol: TCP, port: 443, targetPort: 8080 }
  selector:
    app.kubernetes.io/name: argocd-server
    app.kubernetes.io/instance: {{ .Release.Name }}
{{- $insecure := eq (index .Values.configs.params "server.insecure" | toString) "true" }}
{{- $routes := list
    (dict "values" $server.httproute "name" "argocd-server" "component" "server" "port" (ternary 80 443 $insecure))
    (dict "values" .Values.applicationSet.httproute "name" "argocd-applicationset-controller" "component" "applicationset-controller" "port" 7000) }}
{{- range $route := $routes }}
{{- if $route.values.enabled }}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ $route.name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" $route.name "component" $route.component) | nindent 4 }}
spec:
  parentRefs:
    {{- toYaml $route.values.parentRefs | nindent 4 }}
  {{- with $route.values.hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    {{- range $route.values.rules }}
    - backendRefs:
        - { group: "", kind: Service, name: {{ $route.name }}, port: {{ $route.port }}, weight: 1 }
      matches:
        {{- toYaml .matches | nindent 8 }}
    {{- end }}
{{- end }}
{{- end }}
{{- range .Values.extraObjects }}
---
{{ tpl (toYaml .) $ }}
{{- end }}
