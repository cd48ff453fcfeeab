package server

import (
	"context"

	"google.golang.org/protobuf/types/known/durationpb"

	dalilv1 "dalil/proto/dalil/v1"
)

type adminService struct {
	dalilv1.UnimplementedAdminServiceServer
	*serving
}

// GetInfo reports versions, model and limits.
func (s *adminService) GetInfo(context.Context, *dalilv1.GetInfoRequest) (*dalilv1.GetInfoResponse, error) {
	info := s.deps.Admin.Info()
	answer := &dalilv1.GetInfoResponse{
		Build: &dalilv1.Build{Version: info.Version, Commit: info.Commit, GoVersion: info.GoVersion},
		Model: &dalilv1.Model{
			Provider: info.Embedder, Name: info.Pipeline.Model, Revision: info.Pipeline.ModelRevision,
			Dimensions: int32(info.Pipeline.Dimensions),
		},
		Pipeline: info.Pipeline.Fingerprint(), Analyzer: info.Pipeline.Analyzer, Chunker: info.Pipeline.Chunker,
		Store: info.Store, Collection: info.Collection, Arms: toArms(info.Arms),
		Limits: s.limits(), StartedAt: toTime(info.StartedAt),
	}
	if most := int32(info.MaxTokens); most > 0 {
		answer.Model.MaxTokens = &most
	}
	if a := info.Approximate; a != nil {
		answer.ApproximateIndex = &dalilv1.ApproximateIndex{Effort: int32(a.Effort), Oversampling: a.Oversampling}
	}
	return answer, nil
}

func (s *adminService) limits() *dalilv1.Limits {
	l := s.options.Limits
	return &dalilv1.Limits{
		MaxQueryBytes: int32(l.QueryBytes), MaxPageSize: int32(l.PageSize), MaxDocumentBytes: int32(l.DocumentBytes),
		MaxMetadataBytes: int32(l.MetadataBytes), MaxDocumentIdBytes: int32(l.DocumentIDBytes),
		MaxFilterClauses: int32(l.FilterClauses), MaxNeighbours: int32(l.Neighbours), MaxMessageBytes: int32(s.messageBytes()),
		MaxFilterBytes: int32(l.FilterBytes), MaxHeaderBytes: headerBytes, MaxContextTokens: int32(l.ContextTokens),
		MaxHistoryTurns: int32(l.HistoryTurns), MaxHistoryBytes: int32(l.HistoryBytes),
		MaxAnswerBytes: int32(l.AnswerBytes), MaxGroundingBytes: int32(l.GroundingBytes), MaxBatch: int32(l.Batch), MaxSimilarBytes: int32(l.SimilarBytes),
		DefaultTimeout: durationpb.New(s.options.DefaultTimeout), MaxTimeout: durationpb.New(s.options.MaxTimeout),
	}
}

// GetStats returns the counts of the index.
func (s *adminService) GetStats(ctx context.Context, _ *dalilv1.GetStatsRequest) (*dalilv1.GetStatsResponse, error) {
	stats, err := s.deps.Admin.Stats(ctx)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.GetStatsResponse{
		Documents: toCount(stats.Documents), Passages: toCount(stats.Passages), Terms: toCount(stats.Terms),
		Languages: make(map[string]int32, len(stats.Languages)), UpdatedAt: toTime(stats.UpdatedAt),
	}
	for language, n := range stats.Languages {
		answer.Languages[valid(language)] = toCount(n)
	}
	if stats.DiskBytes > 0 {
		answer.DiskBytes = &stats.DiskBytes
	}
	return answer, nil
}
