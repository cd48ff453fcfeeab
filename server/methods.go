package server

import (
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"

	dalilv1 "dalil/proto/dalil/v1"
)

// Methods lists every method that a Server may answer, as interceptors see
// their names ("/dalil.v1.SearchService/Search"). Other names that reach the
// chain are a stranger's invention.
func Methods() []string {
	var names []string
	for _, service := range []grpc.ServiceDesc{
		dalilv1.SearchService_ServiceDesc, dalilv1.DocumentService_ServiceDesc, dalilv1.AdminService_ServiceDesc,
		healthpb.Health_ServiceDesc, reflectionpb.ServerReflection_ServiceDesc,
	} {
		for _, m := range service.Methods {
			names = append(names, "/"+service.ServiceName+"/"+m.MethodName)
		}
		for _, s := range service.Streams {
			names = append(names, "/"+service.ServiceName+"/"+s.StreamName)
		}
	}
	return names
}
