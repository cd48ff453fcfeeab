package main

import (
	"context"
	"errors"
	"io"
	"time"
)

// errSilent is the cause of a context that ended because nothing arrived.
var errSilent = errors.New("nothing arrived in time")

// whileHeard calls receive, which writes to w what arrives. If nothing was written for
// the idle time, it ends the context and returns errSilent.
func whileHeard(ctx context.Context, idle time.Duration, w io.Writer, receive func(context.Context, io.Writer) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(idle, func() { cancel(errSilent) })
	defer silence.Stop()
	err := receive(ctx, &heard{w, silence, idle})
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		return errSilent
	}
	return err
}

// heard starts the timer again after each write.
type heard struct {
	io.Writer
	silence *time.Timer
	idle    time.Duration
}

func (h *heard) Write(p []byte) (int, error) {
	h.silence.Stop() // a slow disk is not the silence of a server
	defer h.silence.Reset(h.idle)
	return h.Writer.Write(p)
}
