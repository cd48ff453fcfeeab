package client_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	dalilv1 "dalil/proto/dalil/v1"
)

// A request that gRPC cannot send is a mistake of its caller, and the error names the field.
func TestTextThatIsNotUTF8(t *testing.T) {
	connection, _ := serve(t, nil)
	searches := dalilv1.NewSearchServiceClient(connection)
	for want, request := range map[string]*dalilv1.SearchRequest{
		"query": {Query: "\xff"},
		"filter.metadata.values[1]": {Query: "a", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{
			Metadata: &dalilv1.MetadataFilter{Key: "k", Values: []*structpb.Value{structpb.NewStringValue("a"), structpb.NewStringValue("\xff")}},
		}}},
		"facets[0].field": {Query: "a", Facets: []*dalilv1.FacetRequest{{Field: "a\xff"}}},
	} {
		_, err := searches.Search(t.Context(), request)
		if s := status.Convert(err); s.Code() != codes.InvalidArgument || s.Message() != want+": is not valid UTF-8" || len(s.Details()) != 2 {
			t.Errorf("%v, want the field %s", err, want)
		}
	}
	documents := dalilv1.NewDocumentServiceClient(connection)
	for want, metadata := range map[string]map[string]*structpb.Value{
		"document.metadata":   {"\xff": structpb.NewStringValue("a")},
		"document.metadata.a": {"a": structpb.NewStringValue("\xff"), "b": structpb.NewStringValue("\xff")},
	} {
		_, err := documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: "d", Metadata: metadata}})
		if s := status.Convert(err); s.Code() != codes.InvalidArgument || s.Message() != want+": is not valid UTF-8" {
			t.Errorf("%v, want the field %s", err, want)
		}
	}
}
