package server

import (
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	olderReflection "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// right is what a caller needs for a method.
type right struct {
	scope corpus.Scope
	open  bool // anyone may call it
	// reflects marks reflection, which Options.Reflection opens.
	reflects bool
}

var (
	reading    = right{scope: corpus.ScopeSearch}
	changing   = right{scope: corpus.ScopeWrite}
	operator   = right{scope: corpus.ScopeAdmin}
	everybody  = right{open: true}
	reflecting = right{scope: corpus.ScopeSearch, reflects: true}
)

// rights has a row for each method. A method without one is refused.
var rights = map[string]right{
	dalilv1.SearchService_Search_FullMethodName:          reading,
	dalilv1.SearchService_BatchSearch_FullMethodName:     reading,
	dalilv1.SearchService_GetPassages_FullMethodName:     reading,
	dalilv1.SearchService_BuildContext_FullMethodName:    reading,
	dalilv1.SearchService_CheckGrounding_FullMethodName:  reading,
	dalilv1.SearchService_ExplainDocument_FullMethodName: reading,
	dalilv1.SearchService_FindSimilar_FullMethodName:     reading,

	dalilv1.DocumentService_GetDocument_FullMethodName:   reading,
	dalilv1.DocumentService_ListDocuments_FullMethodName: reading,
	dalilv1.DocumentService_ListFacets_FullMethodName:    reading,
	// What could not be written is for those who write.
	dalilv1.DocumentService_ListFailures_FullMethodName:    changing,
	dalilv1.DocumentService_PreviewDocument_FullMethodName: changing,
	dalilv1.DocumentService_UpsertDocument_FullMethodName:  changing,
	dalilv1.DocumentService_UpsertDocuments_FullMethodName: changing,
	dalilv1.DocumentService_UpdateDocument_FullMethodName:  changing,
	dalilv1.DocumentService_IngestDocuments_FullMethodName: changing,
	dalilv1.DocumentService_DeleteDocument_FullMethodName:  changing,
	dalilv1.DocumentService_DeleteDocuments_FullMethodName: changing,

	// Clients ask for the limits, and agents for the counts.
	dalilv1.AdminService_GetInfo_FullMethodName:  reading,
	dalilv1.AdminService_GetStats_FullMethodName: reading,
	// DeleteDocuments is an operation too. Its caller sees that one only.
	dalilv1.AdminService_GetOperation_FullMethodName:       changing,
	dalilv1.AdminService_WaitOperation_FullMethodName:      changing,
	dalilv1.AdminService_CancelOperation_FullMethodName:    changing,
	dalilv1.AdminService_ListOperations_FullMethodName:     changing,
	dalilv1.AdminService_CreateBackup_FullMethodName:       operator,
	dalilv1.AdminService_ListCollections_FullMethodName:    operator,
	dalilv1.AdminService_StartRebuild_FullMethodName:       operator,
	dalilv1.AdminService_CompareCollections_FullMethodName: operator,
	dalilv1.AdminService_ActivateCollection_FullMethodName: operator,
	dalilv1.AdminService_RollbackCollection_FullMethodName: operator,
	dalilv1.AdminService_DropCollection_FullMethodName:     operator,
	dalilv1.AdminService_ListTenants_FullMethodName:        operator,
	dalilv1.AdminService_GetTenantUsage_FullMethodName:     operator,
	dalilv1.AdminService_DeleteTenant_FullMethodName:       operator,

	// A stranger learns only whether the server serves.
	healthpb.Health_Check_FullMethodName: everybody,
	healthpb.Health_List_FullMethodName:  everybody,
	healthpb.Health_Watch_FullMethodName: everybody,

	reflectionpb.ServerReflection_ServerReflectionInfo_FullMethodName:    reflecting,
	olderReflection.ServerReflection_ServerReflectionInfo_FullMethodName: reflecting,
}

// rightFor returns what a caller needs for a method. A method without a row is not
// known.
func (s *Server) rightFor(method string) (_ right, known bool) {
	one, known := rights[method]
	if on := s.options.Reflection; one.reflects && on != nil {
		one.open = *on
	}
	return one, known
}
