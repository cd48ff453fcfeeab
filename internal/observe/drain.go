package observe

import (
	"context"
	"log/slog"
	"time"
)

// LogDrain logs how the server stops: how many calls it waits for when ctx ends,
// and how many of them were still running at the end of the drain. served is closed
// when the server has stopped.
func (m *Metrics) LogDrain(ctx context.Context, log *slog.Logger, limit time.Duration, served <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-served:
		return
	}
	begun := time.Now()
	log.LogAttrs(ctx, slog.LevelInfo, "draining", slog.Int("calls", m.CallsUnderWay()), slog.Duration("limit", limit))
	over := time.NewTimer(limit)
	defer over.Stop()
	interrupted := 0
	select {
	case <-served:
	case <-over.C:
		if interrupted = m.CallsUnderWay(); interrupted > 0 {
			log.LogAttrs(ctx, slog.LevelWarn, "interrupted calls that outlasted the drain", slog.Int("calls", interrupted))
		}
		<-served
	}
	log.LogAttrs(ctx, slog.LevelInfo, "stopped", slog.Int("interrupted", interrupted), slog.Duration("after", time.Since(begun).Round(time.Millisecond)))
}
