package client

import (
	"encoding/json"

	dalilv1 "dalil/proto/dalil/v1"
)

// reads are the methods that change nothing, so that a second try is always safe. A
// service with an empty list consists of reads only.
//
// UNAVAILABLE can mean that a call was carried out and its answer was lost. A second
// write could then undo the write of another client that came in between. With
// if_match or source_version it could not, but the first try may make the second fail,
// and a policy cannot see the fields of a request. So no policy repeats a write; gRPC
// itself sends a call again only if it never reached a server. The caller, who knows
// what else writes, may repeat one: the same content under the same id is "unchanged".
var reads = map[string][]string{
	dalilv1.SearchService_ServiceDesc.ServiceName:   {},
	dalilv1.DocumentService_ServiceDesc.ServiceName: {"GetDocument", "ListDocuments", "ListFacets", "ListFailures", "PreviewDocument"},
	dalilv1.AdminService_ServiceDesc.ServiceName:    {"GetInfo", "GetStats", "ListCollections", "GetOperation", "ListOperations", "WaitOperation", "ListTenants", "GetTenantUsage"},
}

// The types below are gRPC's service config, as its JSON has it.
type (
	serviceConfig struct {
		Balancing []map[string]struct{} `json:"loadBalancingConfig"`
		Health    healthConfig          `json:"healthCheckConfig"`
		Methods   []methodConfig        `json:"methodConfig"`
	}
	healthConfig struct {
		Service string `json:"serviceName"`
	}
	methodConfig struct {
		Names []methodName `json:"name"`
		Retry retryPolicy  `json:"retryPolicy"`
	}
	methodName struct {
		Service string `json:"service"`
		Method  string `json:"method,omitempty"`
	}
	retryPolicy struct {
		Attempts int      `json:"maxAttempts"`
		First    string   `json:"initialBackoff"`
		Most     string   `json:"maxBackoff"`
		Factor   float64  `json:"backoffMultiplier"`
		Codes    []string `json:"retryableStatusCodes"`
	}
)

// servicePolicy returns the service config of [Dial].
func servicePolicy() (string, error) {
	var names []methodName
	for service, methods := range reads {
		for _, method := range methods {
			names = append(names, methodName{service, method})
		}
		if len(methods) == 0 {
			names = append(names, methodName{Service: service})
		}
	}
	text, err := json.Marshal(serviceConfig{
		Balancing: []map[string]struct{}{{"round_robin": {}}},
		Health:    healthConfig{dalilv1.SearchService_ServiceDesc.ServiceName},
		Methods: []methodConfig{{names, retryPolicy{
			Attempts: 4, First: "0.1s", Most: "2s", Factor: 2, Codes: []string{"UNAVAILABLE"},
		}}},
	})
	return string(text), err
}
