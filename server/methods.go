package server

import (
	"strings"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	olderReflection "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Methods returns every method that a Server may answer, with the names that
// interceptors get ("/dalil.v1.SearchService/Search"). A caller may send any other
// name.
func Methods() []string {
	var names []string
	for _, service := range []grpc.ServiceDesc{
		dalilv1.SearchService_ServiceDesc, dalilv1.DocumentService_ServiceDesc, dalilv1.AdminService_ServiceDesc,
		healthpb.Health_ServiceDesc, reflectionpb.ServerReflection_ServiceDesc, olderReflection.ServerReflection_ServiceDesc,
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

// foreign reports whether a method belongs to a service of the gRPC library.
func foreign(method string) bool { return !strings.HasPrefix(method, "/dalil.") }

// class says when a method's calls are refused because memory is short.
type class uint8

const (
	operating class = iota // never
	asking                 // first
	writing                // last
)

var classes = map[string]class{
	dalilv1.SearchService_Search_FullMethodName:            asking,
	dalilv1.SearchService_BatchSearch_FullMethodName:       asking,
	dalilv1.SearchService_GetPassages_FullMethodName:       asking,
	dalilv1.SearchService_BuildContext_FullMethodName:      asking,
	dalilv1.SearchService_CheckGrounding_FullMethodName:    asking,
	dalilv1.SearchService_ExplainDocument_FullMethodName:   asking,
	dalilv1.SearchService_FindSimilar_FullMethodName:       asking,
	dalilv1.DocumentService_GetDocument_FullMethodName:     asking,
	dalilv1.DocumentService_ListDocuments_FullMethodName:   asking,
	dalilv1.DocumentService_PreviewDocument_FullMethodName: writing,
	dalilv1.DocumentService_UpsertDocument_FullMethodName:  writing,
	dalilv1.DocumentService_IngestDocuments_FullMethodName: writing,
	dalilv1.DocumentService_DeleteDocument_FullMethodName:  writing,
	dalilv1.DocumentService_ListFacets_FullMethodName:      asking,
	dalilv1.DocumentService_UpsertDocuments_FullMethodName: writing,
	dalilv1.DocumentService_UpdateDocument_FullMethodName:  writing,
	dalilv1.DocumentService_DeleteDocuments_FullMethodName: writing,
}

// smallMessage is the message limit of methods without documents or lists.
const smallMessage = 64 << 10

// takes returns the largest number of bytes that a message to the method may have,
// before and after it is inflated.
func (s *Server) takes(method string) int {
	l := &s.options.Limits
	switch method {
	case dalilv1.DocumentService_UpsertDocument_FullMethodName, dalilv1.DocumentService_IngestDocuments_FullMethodName,
		dalilv1.DocumentService_PreviewDocument_FullMethodName, dalilv1.DocumentService_UpsertDocuments_FullMethodName:
		return s.messageBytes()
	case dalilv1.DocumentService_UpdateDocument_FullMethodName:
		return max(smallMessage, 2*l.MetadataBytes+smallMessage)
	case dalilv1.DocumentService_ListDocuments_FullMethodName, dalilv1.DocumentService_DeleteDocuments_FullMethodName,
		dalilv1.DocumentService_ListFacets_FullMethodName:
		return max(smallMessage, l.FilterBytes+maxToken+16<<10)
	case dalilv1.SearchService_Search_FullMethodName, dalilv1.SearchService_BuildContext_FullMethodName,
		dalilv1.SearchService_ExplainDocument_FullMethodName:
		return s.questionBytes()
	case dalilv1.SearchService_BatchSearch_FullMethodName:
		return l.Batch*l.QueryBytes + 16*s.questionBytes()
	case dalilv1.SearchService_FindSimilar_FullMethodName:
		return l.SimilarBytes + l.FilterBytes + maxToken + smallMessage
	case dalilv1.SearchService_CheckGrounding_FullMethodName:
		return l.AnswerBytes + l.GroundingBytes + l.QueryBytes + l.FilterBytes + smallMessage
	case dalilv1.AdminService_CompareCollections_FullMethodName:
		return corpus.MaxCompared*(l.QueryBytes+16) + smallMessage
	}
	return smallMessage
}

// MessageLimit returns the largest number of bytes that a message to the method
// ("/dalil.v1.SearchService/Search") may have.
func (s *Server) MessageLimit(method string) int { return s.takes(method) }

// questionBytes is the message limit of one question with its filter and history.
func (s *Server) questionBytes() int {
	l := &s.options.Limits
	return max(smallMessage, l.QueryBytes+l.FilterBytes+maxToken+16<<10)
}
