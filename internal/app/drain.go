package app

import (
	"context"
	"log/slog"
	"time"
)

// logDrain logs how the server stops: how many calls it waits for when ctx ends,
// and how many of them were still under way when the time for draining was over.
// served is closed when the server has ended.
func (a *App) logDrain(ctx context.Context, served <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-served:
		return
	}
	limit := a.config.Server.Drain
	begun := time.Now()
	a.log.LogAttrs(ctx, slog.LevelInfo, "draining", slog.Int("calls", a.metrics.CallsUnderWay()), slog.Duration("limit", limit))
	over := time.NewTimer(limit)
	defer over.Stop()
	interrupted := 0
	select {
	case <-served:
	case <-over.C:
		if interrupted = a.metrics.CallsUnderWay(); interrupted > 0 {
			a.log.LogAttrs(ctx, slog.LevelWarn, "interrupted calls that outlasted the drain", slog.Int("calls", interrupted))
		}
		<-served
	}
	a.log.LogAttrs(ctx, slog.LevelInfo, "stopped", slog.Int("interrupted", interrupted), slog.Duration("after", time.Since(begun).Round(time.Millisecond)))
}
