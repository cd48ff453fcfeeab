package gateway_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
)

// gRPC and HTTP give the same answers, byte for byte in JSON, and the same errors.
func TestHTTPAnswersWhatGRPCAnswers(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) { testSameAnswers(t, serveOn(t, store, nil)) })
	}
}

func testSameAnswers(t *testing.T, s *service) {
	ids := &dalilv1.SearchResponse{}
	if err := s.Invoke(t.Context(), dalilv1.SearchService_Search_FullMethodName, &dalilv1.SearchRequest{Query: "poverty", View: dalilv1.View_VIEW_IDS}, ids); err != nil {
		t.Fatal(err)
	}
	id := ids.GetPassages()[0].GetPassageId()
	for _, c := range []struct {
		address string
		method  string
		request proto.Message // nil: a GET whose request is read from the query
		asked   proto.Message // what the query says
		answer  proto.Message
	}{
		{"POST /v1/search", dalilv1.SearchService_Search_FullMethodName, &dalilv1.SearchRequest{
			Query: "التعاون للحد من الفقر", Debug: proto.Bool(true), Neighbours: proto.Int32(1), Arms: []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL},
			Fusion: &dalilv1.Fusion{Method: dalilv1.FusionMethod_FUSION_METHOD_RRF, K: proto.Int32(20)},
		}, nil, &dalilv1.SearchResponse{}},
		{"GET /v1/search?q=digital+cooperation&limit=3&min_dense_similarity=0.25&exact=true", dalilv1.SearchService_Search_FullMethodName, nil, &dalilv1.SearchRequest{
			Query: "digital cooperation", PageSize: proto.Int32(3), MinDenseSimilarity: proto.Float32(0.25), Exact: proto.Bool(true),
		}, &dalilv1.SearchResponse{}},
		{"POST /v1/search", dalilv1.SearchService_Search_FullMethodName, &dalilv1.SearchRequest{Query: "x", PageSize: proto.Int32(-1), Effort: proto.Int32(0)}, nil, &dalilv1.SearchResponse{}},
		{"POST /v1/context", dalilv1.SearchService_BuildContext_FullMethodName, &dalilv1.BuildContextRequest{Query: "poverty reduction", MaxTokens: proto.Int32(300)}, nil, &dalilv1.BuildContextResponse{}},
		{"POST /v1/grounding:check", dalilv1.SearchService_CheckGrounding_FullMethodName, &dalilv1.CheckGroundingRequest{
			Answer: "Poverty fell. Rivers rose by 20 percent.", PassageIds: []string{id},
		}, nil, &dalilv1.CheckGroundingResponse{}},
		{"GET /v1/passages?neighbours=1&passage_ids=" + id, dalilv1.SearchService_GetPassages_FullMethodName, nil, &dalilv1.GetPassagesRequest{PassageIds: []string{id}, Neighbours: proto.Int32(1)}, &dalilv1.GetPassagesResponse{}},
		{"GET /v1/documents/" + poverty, dalilv1.DocumentService_GetDocument_FullMethodName, nil, &dalilv1.GetDocumentRequest{DocumentId: poverty}, &dalilv1.GetDocumentResponse{}},
		{"GET /v1/documents/none", dalilv1.DocumentService_GetDocument_FullMethodName, nil, &dalilv1.GetDocumentRequest{DocumentId: "none"}, &dalilv1.GetDocumentResponse{}},
		{"GET /v1/documents?page_size=2", dalilv1.DocumentService_ListDocuments_FullMethodName, nil, &dalilv1.ListDocumentsRequest{PageSize: proto.Int32(2)}, &dalilv1.ListDocumentsResponse{}},
		{"GET /v1/info", dalilv1.AdminService_GetInfo_FullMethodName, nil, &dalilv1.GetInfoRequest{}, &dalilv1.GetInfoResponse{}},
		{"GET /v1/stats", dalilv1.AdminService_GetStats_FullMethodName, nil, &dalilv1.GetStatsRequest{}, &dalilv1.GetStatsResponse{}},
		{"GET /v1/collections", dalilv1.AdminService_ListCollections_FullMethodName, nil, &dalilv1.ListCollectionsRequest{}, &dalilv1.ListCollectionsResponse{}},
		{"GET /v1/operations/none", dalilv1.AdminService_GetOperation_FullMethodName, nil, &dalilv1.GetOperationRequest{OperationId: "none"}, &dalilv1.GetOperationResponse{}},
	} {
		asked, body := c.asked, ""
		if c.request != nil {
			asked = c.request
			body = marshal(t, c.request)
		}
		callErr := s.Invoke(t.Context(), c.method, asked, c.answer)
		verb, address, _ := strings.Cut(c.address, " ")
		got := s.do(t, verb, address, body)
		if callErr != nil {
			f, want := got.failure(t), status.Convert(callErr)
			if f.Code != int(want.Code()) || f.Message != want.Message() || len(f.Details) != len(want.Details()) {
				t.Errorf("%s: %s\ngRPC: %v", c.address, got.body, want)
			}
			continue
		}
		over := c.answer.ProtoReflect().New().Interface()
		if err := wirejson.Unmarshal([]byte(got.body), over); err != nil {
			t.Errorf("%s: %d %v", c.address, got.status, err)
			continue
		}
		steady(over)
		steady(c.answer)
		if a, b := marshal(t, over), marshal(t, c.answer); a != b {
			t.Errorf("%s\nHTTP %.2000s\ngRPC %.2000s", c.address, a, b)
		}
		if verb == "POST" && !strings.HasPrefix(got.body, `{"`) {
			t.Errorf("%s: %.100s", c.address, got.body)
		}
	}
}

func marshal(t testing.TB, m proto.Message) string {
	t.Helper()
	line, err := wirejson.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// steady removes what differs from call to call.
func steady(m proto.Message) {
	if f := m.ProtoReflect().Descriptor().Fields().ByName("timings"); f != nil {
		m.ProtoReflect().Clear(f)
	}
}
