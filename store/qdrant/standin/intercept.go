package standin

import (
	"context"
	"net/http"
	"path"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// intercept dates the answer, checks the key and lets a test step in.
func (s *Server) intercept(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if now := s.options.Now(); !now.IsZero() {
		if err := grpc.SetHeader(ctx, metadata.Pairs("date", now.UTC().Format(http.TimeFormat))); err != nil {
			return nil, err
		}
	}
	if s.options.Key != "" {
		if md, _ := metadata.FromIncomingContext(ctx); len(md.Get("api-key")) != 1 || md.Get("api-key")[0] != s.options.Key {
			return nil, status.Error(codes.Unauthenticated, "Must provide an API key or an Authorization bearer token")
		}
	}
	if s.options.Before != nil {
		if err := s.options.Before(ctx, path.Base(info.FullMethod), request); err != nil {
			return nil, err
		}
	}
	return handler(ctx, request)
}
