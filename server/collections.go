package server

import (
	"context"
	"fmt"
	"time"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Collections has the steps that replace one collection with another. The name ""
// means the newest collection that was never active.
type Collections interface {
	// Reindexable returns corpus.ErrUnsupported if the store keeps only one collection.
	Reindexable() error
	Collections(ctx context.Context) ([]corpus.Collection, error)
	// The three long methods report their progress. They return soon after ctx
	// ends, except for the work that must follow the activation of a collection.
	RebuildCollection(ctx context.Context, activate bool, progress func(corpus.Progress)) (corpus.Rebuilt, error)
	Compare(ctx context.Context, name string, questions []string, sample int, progress func(corpus.Progress)) (corpus.Comparison, error)
	ActivateCollection(ctx context.Context, name string, force bool, progress func(corpus.Progress)) (active string, done corpus.Activation, err error)
	Rollback(ctx context.Context) (active string, newer int, err error)
	Drop(ctx context.Context, name string, grace time.Duration) error
}

// defaultGrace is how long a collection is kept after it was active.
const defaultGrace = time.Hour

// ListCollections returns all collections.
func (s *adminService) ListCollections(ctx context.Context, _ *dalilv1.ListCollectionsRequest) (*dalilv1.ListCollectionsResponse, error) {
	all, err := s.deps.Collections.Collections(ctx)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.ListCollectionsResponse{}
	for _, c := range all {
		answer.Collections = append(answer.Collections, &dalilv1.Collection{
			Name: c.Name, Active: c.Active, Pipeline: c.Pipeline.Fingerprint(), Model: c.Pipeline.Model,
			Documents: toCount(c.Documents), Passages: toCount(c.Passages),
			CreatedAt: toTime(c.CreatedAt), ActivatedAt: toTime(c.ActivatedAt), UpdatedAt: toTime(c.UpdatedAt),
		})
	}
	return answer, nil
}

// CompareCollections runs the same questions on two collections.
func (s *adminService) CompareCollections(ctx context.Context, req *dalilv1.CompareCollectionsRequest) (*dalilv1.CompareCollectionsResponse, error) {
	sample := 100
	if req.Sample != nil {
		sample = int(req.GetSample())
	}
	if sample < 1 || sample > corpus.MaxCompared {
		limit := fmt.Sprintf("1 to %d", corpus.MaxCompared)
		return nil, limited("sample", fmt.Sprintf("must be %s, is %d", limit, sample), limit, sample)
	}
	if n := len(req.GetQuestions()); n > corpus.MaxCompared {
		return nil, limited("questions", fmt.Sprintf("are %d, must be at most %d", n, corpus.MaxCompared), fmt.Sprint(corpus.MaxCompared), n)
	}
	op, err := s.begin(ctx, dalilv1.OperationKind_OPERATION_KIND_COMPARE, func(ctx context.Context, progress func(corpus.Progress)) (func(*dalilv1.Operation), error) {
		c, err := s.deps.Collections.Compare(ctx, req.GetCollection(), req.GetQuestions(), sample, progress)
		if err != nil {
			return nil, noSuch("collection", req.GetCollection(), err)
		}
		result := &dalilv1.Comparison{
			Before: c.Before, After: c.After, Questions: int32(c.Questions), Overlap: c.Overlap, Moved: c.Moved, SameFirst: c.SameFirst,
		}
		if c.NDCG10 != nil {
			result.NdcgBefore, result.NdcgAfter = &c.NDCG10[0], &c.NDCG10[1]
		}
		for _, one := range c.Most {
			result.Most = append(result.Most, &dalilv1.Change{Question: valid(one.Question), Overlap: one.Overlap, Moved: one.Moved, SameFirst: one.First})
		}
		return func(op *dalilv1.Operation) { op.Result = &dalilv1.Operation_Comparison{Comparison: result} }, nil
	})
	if err != nil {
		return nil, err
	}
	return &dalilv1.CompareCollectionsResponse{Operation: op}, nil
}

// ActivateCollection activates a collection.
func (s *adminService) ActivateCollection(ctx context.Context, req *dalilv1.ActivateCollectionRequest) (*dalilv1.ActivateCollectionResponse, error) {
	op, err := s.begin(ctx, dalilv1.OperationKind_OPERATION_KIND_ACTIVATE, func(ctx context.Context, progress func(corpus.Progress)) (func(*dalilv1.Operation), error) {
		active, done, err := s.deps.Collections.ActivateCollection(ctx, req.GetCollection(), req.GetForce(), progress)
		if err != nil {
			return nil, noSuch("collection", req.GetCollection(), err)
		}
		result := toActivation(active, done)
		return func(op *dalilv1.Operation) { op.Result = &dalilv1.Operation_Activation{Activation: result} }, nil
	})
	if err != nil {
		return nil, err
	}
	return &dalilv1.ActivateCollectionResponse{Operation: op}, nil
}

// RollbackCollection activates the previous collection.
func (s *adminService) RollbackCollection(ctx context.Context, _ *dalilv1.RollbackCollectionRequest) (*dalilv1.RollbackCollectionResponse, error) {
	active, newer, err := s.deps.Collections.Rollback(ctx)
	if err != nil {
		return nil, err
	}
	return &dalilv1.RollbackCollectionResponse{Collection: active, Newer: toCount(newer)}, nil
}

// DropCollection deletes a collection.
func (s *adminService) DropCollection(ctx context.Context, req *dalilv1.DropCollectionRequest) (*dalilv1.DropCollectionResponse, error) {
	if req.GetCollection() == "" {
		return nil, corpus.Invalid("collection", "is empty")
	}
	grace := defaultGrace
	if req.GetGrace() != nil {
		if grace = req.GetGrace().AsDuration(); !req.GetGrace().IsValid() || grace < 0 {
			return nil, limited("grace", "must not be negative", "0 or more", req.GetGrace().AsDuration())
		}
	}
	if err := s.deps.Collections.Drop(ctx, req.GetCollection(), grace); err != nil {
		return nil, noSuch("collection", req.GetCollection(), err)
	}
	return &dalilv1.DropCollectionResponse{}, nil
}
