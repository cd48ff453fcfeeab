package server

import (
	"bufio"
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// backupChunk is the largest number of bytes of an archive in one message.
const backupChunk = 256 << 10

// CreateBackup streams an archive. If the client reads nothing for the stall time,
// the call ends, because a running backup keeps the store from cleaning up old
// states.
func (s *adminService) CreateBackup(_ *dalilv1.CreateBackupRequest, wire grpc.ServerStreamingServer[dalilv1.CreateBackupResponse]) error {
	if s.deps.Backups == nil {
		return fmt.Errorf("%w: this server cannot make backups", corpus.ErrUnsupported)
	}
	ctx, cancel := context.WithCancel(wire.Context())
	defer cancel()
	// Sending blocks while the client does not read, at worst until the handler
	// returns. So a goroutine of its own sends.
	w := &chunks{ctx: ctx, stall: s.options.StallTimeout, out: make(chan *dalilv1.CreateBackupResponse), sent: make(chan error)}
	s.stragglers.Go(func() {
		for {
			select {
			case m := <-w.out:
				err := wire.Send(m)
				select {
				case w.sent <- err:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	})
	buffered := bufio.NewWriterSize(w, backupChunk)
	if err := s.deps.Backups.Backup(ctx, buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// chunks is a writer that sends each write as one message.
type chunks struct {
	ctx   context.Context
	stall time.Duration
	out   chan *dalilv1.CreateBackupResponse
	sent  chan error
}

func (c *chunks) Write(p []byte) (int, error) {
	for at := 0; at < len(p); at += backupChunk {
		part := append([]byte(nil), p[at:min(at+backupChunk, len(p))]...)
		select {
		case c.out <- &dalilv1.CreateBackupResponse{Data: part}:
		case <-c.ctx.Done():
			return at, c.ctx.Err()
		}
		timer := time.NewTimer(c.stall)
		select {
		case err := <-c.sent:
			timer.Stop()
			if err != nil {
				return at, err
			}
		case <-c.ctx.Done():
			timer.Stop()
			return at, c.ctx.Err()
		case <-timer.C:
			return at, errStalled
		}
	}
	return len(p), nil
}
