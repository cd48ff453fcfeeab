package server_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func (h *backend) Collections(context.Context) ([]corpus.Collection, error) {
	return []corpus.Collection{{Name: "news-2", Documents: 2, Passages: 5, CreatedAt: time.Unix(20, 0)}, {Name: "news-1", Active: true, ActivatedAt: time.Unix(10, 0)}}, nil
}

func (h *backend) Reindexable() error { return h.oneOnly }

func (h *backend) RebuildCollection(ctx context.Context, activate bool, progress func(corpus.Progress)) (corpus.Rebuilt, error) {
	if h.rebuild != nil {
		return h.rebuild(ctx, progress)
	}
	return corpus.Rebuilt{Collection: "news-3", Indexed: 5, Failed: 1, Activated: activate, Late: corpus.Lag{Missing: 2}}, nil
}

func (h *backend) Compare(_ context.Context, name string, questions []string, sample int, _ func(corpus.Progress)) (corpus.Comparison, error) {
	return corpus.Comparison{
		Before: "news-1", After: name, Questions: sample, Overlap: 0.5, Moved: 2, SameFirst: 0.25, NDCG10: &[2]float64{0.5, 0.75},
		Most: []corpus.Change{{Question: questions[0], Overlap: 0.1}},
	}, nil
}

func (h *backend) ActivateCollection(_ context.Context, name string, force bool, _ func(corpus.Progress)) (string, corpus.Activation, error) {
	if !force {
		return "", corpus.Activation{}, corpus.Refused("%s is behind: %v", name, corpus.Lag{Missing: 3})
	}
	return name, corpus.Activation{Before: "news-1", Late: corpus.Lag{Older: 1}, Left: corpus.Lag{Missing: 3}}, nil
}

func (h *backend) Rollback(context.Context) (string, int, error) { return "news-0", 4, nil }

func (h *backend) Drop(_ context.Context, name string, grace time.Duration) error {
	if grace > time.Minute {
		return corpus.Refused("%s may be in use", name)
	}
	return nil
}

func TestCollections(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	ctx := t.Context()
	all, err := r.admin.ListCollections(ctx, &dalilv1.ListCollectionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	pipeline := corpus.Pipeline{}.Fingerprint()
	want := &dalilv1.ListCollectionsResponse{Collections: []*dalilv1.Collection{
		{Name: "news-2", Documents: 2, Passages: 5, Pipeline: pipeline, CreatedAt: &timestamppb.Timestamp{Seconds: 20}},
		{Name: "news-1", Active: true, Pipeline: pipeline, ActivatedAt: &timestamppb.Timestamp{Seconds: 10}},
	}}
	if diff := cmp.Diff(want, all, protocmp.Transform()); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	compared, err := r.admin.CompareCollections(ctx, &dalilv1.CompareCollectionsRequest{Collection: proto.String("news-2"), Questions: []string{"q"}})
	result := ended(t, r, compared.GetOperation(), err).GetComparison()
	if result.GetAfter() != "news-2" || result.GetQuestions() != 100 || result.GetMost()[0].GetQuestion() != "q" || result.GetNdcgBefore() != 0.5 || result.GetNdcgAfter() != 0.75 {
		t.Errorf("compare: got %v", result)
	}
	refused := func(what string, err error, code codes.Code, message string) {
		t.Helper()
		if s := status.Convert(err); s.Code() != code || s.Message() != message {
			t.Errorf("%s: got %v, want %v %q", what, err, code, message)
		}
	}
	_, err = r.admin.CompareCollections(ctx, &dalilv1.CompareCollectionsRequest{Sample: proto.Int32(0)})
	refused("sample", err, codes.InvalidArgument, "sample: must be 1 to 1000, is 0")
	late, err := r.admin.ActivateCollection(ctx, &dalilv1.ActivateCollectionRequest{Collection: proto.String("news-2")})
	failed := ended(t, r, late.GetOperation(), err)
	if f := failed.GetError(); failed.GetState() != dalilv1.OperationState_OPERATION_STATE_FAILED || f.GetReason() != dalilv1.ErrorReason_ERROR_REASON_REFUSED ||
		f.GetMessage() != "news-2 is behind: 3 documents missing, 0 older, 0 deleted elsewhere" {
		t.Errorf("activate: got %v", failed)
	}
	active, err := r.admin.ActivateCollection(ctx, &dalilv1.ActivateCollectionRequest{Collection: proto.String("news-2"), Force: proto.Bool(true)})
	if a := ended(t, r, active.GetOperation(), err).GetActivation(); a.GetCollection() != "news-2" || a.GetLate().GetOlder() != 1 || a.GetLeft().GetMissing() != 3 || a.GetBefore() != "news-1" {
		t.Errorf("activate by force: got %v", a)
	}
	back, err := r.admin.RollbackCollection(ctx, &dalilv1.RollbackCollectionRequest{})
	if err != nil || back.GetCollection() != "news-0" || back.GetNewer() != 4 {
		t.Errorf("roll back: got %v, %v", back, err)
	}
	_, err = r.admin.DropCollection(ctx, &dalilv1.DropCollectionRequest{})
	refused("drop nothing", err, codes.InvalidArgument, "collection: is empty")
	_, err = r.admin.DropCollection(ctx, &dalilv1.DropCollectionRequest{Collection: "news-1"})
	refused("drop within the default grace", err, codes.FailedPrecondition, "news-1 may be in use")
	if _, err = r.admin.DropCollection(ctx, &dalilv1.DropCollectionRequest{Collection: "news-1", Grace: durationpb.New(0)}); err != nil {
		t.Errorf("drop: %v", err)
	}
}
