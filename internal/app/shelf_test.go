package app_test

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"

	"dalil/client"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// onEachStore runs a test with the settings of the embedded store and on Qdrant.
func onEachStore(t *testing.T, test func(t *testing.T, c config.Config)) {
	t.Run("local", func(t *testing.T) { test(t, settings(t, nil)) })
	t.Run("qdrant", func(t *testing.T) { test(t, onQdrant(t, nil)) })
}

// shelf has the clients of one served index.
type shelf struct {
	*testing.T
	documents dalilv1.DocumentServiceClient
	search    dalilv1.SearchServiceClient
	admin     dalilv1.AdminServiceClient
}

func onConnection(t *testing.T, connection grpc.ClientConnInterface) shelf {
	return shelf{t, dalilv1.NewDocumentServiceClient(connection), dalilv1.NewSearchServiceClient(connection), dalilv1.NewAdminServiceClient(connection)}
}

func newShelf(t *testing.T, c config.Config) shelf {
	connection, _ := serve(t, open(t, c))
	return onConnection(t, connection)
}

func plainText(id, text string, metadata map[string]any) *dalilv1.DocumentInput {
	d := &dalilv1.DocumentInput{DocumentId: id, Content: &dalilv1.DocumentInput_Text{Text: text}, Title: "Title of " + id, Language: "en"}
	if len(metadata) > 0 {
		fields, err := structpb.NewStruct(metadata)
		if err != nil {
			panic(err)
		}
		d.Metadata = fields.GetFields()
	}
	return d
}

func (s shelf) upsert(d *dalilv1.DocumentInput) *dalilv1.Receipt {
	s.Helper()
	answer, err := s.documents.UpsertDocument(s.Context(), &dalilv1.UpsertDocumentRequest{Document: d}, client.WaitForReady())
	if err != nil {
		s.Fatalf("upsert %s: %v", d.GetDocumentId(), err)
	}
	return answer.GetReceipt()
}

func (s shelf) get(id string) *dalilv1.GetDocumentResponse {
	s.Helper()
	answer, err := s.documents.GetDocument(s.Context(), &dalilv1.GetDocumentRequest{DocumentId: id, IncludePassages: true})
	if err != nil {
		s.Fatalf("get %s: %v", id, err)
	}
	return answer
}

func byKey(key string, values ...any) *dalilv1.Filter {
	f := &dalilv1.MetadataFilter{Key: key}
	for _, v := range values {
		value, err := structpb.NewValue(v)
		if err != nil {
			panic(err)
		}
		f.Values = append(f.Values, value)
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: f}}
}

// found lists the documents that a question finds, with the passages' ids.
func (s shelf) found(query string, f *dalilv1.Filter) map[string][]string {
	s.Helper()
	answer, err := s.search.Search(s.Context(), &dalilv1.SearchRequest{Query: query, Filter: f})
	if err != nil {
		s.Fatalf("search: %v", err)
	}
	found := map[string][]string{}
	for _, p := range answer.GetPassages() {
		found[p.GetDocumentId()] = append(found[p.GetDocumentId()], p.GetPassageId())
	}
	return found
}

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

func (s shelf) wait(op *dalilv1.Operation) *dalilv1.Operation {
	s.Helper()
	answer, err := s.admin.WaitOperation(s.Context(), &dalilv1.WaitOperationRequest{OperationId: op.GetOperationId()})
	if err != nil || answer.GetOperation().GetState() != dalilv1.OperationState_OPERATION_STATE_SUCCEEDED {
		s.Fatalf("wait: %v, error %v", answer, err)
	}
	return answer.GetOperation()
}
