package main

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

func collectionsMessage(all []corpus.Collection) *dalilv1.ListCollectionsResponse {
	answer := &dalilv1.ListCollectionsResponse{}
	for _, c := range all {
		answer.Collections = append(answer.Collections, &dalilv1.Collection{
			Name: c.Name, Active: c.Active, Pipeline: c.Pipeline.Fingerprint(), Model: c.Pipeline.Model, Documents: int32(c.Documents), Passages: int32(c.Passages),
			CreatedAt: timeMessage(c.CreatedAt), ActivatedAt: timeMessage(c.ActivatedAt), UpdatedAt: timeMessage(c.UpdatedAt),
		})
	}
	return answer
}

func comparisonMessage(c corpus.Comparison) *dalilv1.Comparison {
	answer := &dalilv1.Comparison{
		Before: c.Before, After: c.After, Questions: int32(c.Questions), Overlap: c.Overlap, Moved: c.Moved, SameFirst: c.SameFirst,
	}
	if c.NDCG10 != nil {
		answer.NdcgBefore, answer.NdcgAfter = &c.NDCG10[0], &c.NDCG10[1]
	}
	for _, one := range c.Most {
		answer.Most = append(answer.Most, &dalilv1.Change{Question: one.Question, Overlap: one.Overlap, Moved: one.Moved, SameFirst: one.First})
	}
	return answer
}

// timeMessage leaves out the zero time.
func timeMessage(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
