package server_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// backups are a Backups made of one function.
type backups func(ctx context.Context, w io.Writer) error

func (b backups) Backup(ctx context.Context, w io.Writer) error { return b(ctx, w) }

// An archive arrives whole, and one that could not be written to its end is an
// error, never a short archive.
func TestCreateBackup(t *testing.T) {
	want := strings.Repeat("an archive of some length; ", 100_000)
	for name, test := range map[string]struct {
		backup backups
		fails  *refusal
	}{
		"whole": {backup: func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, want)
			return err
		}},
		"failing": {func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, want[:len(want)/2])
			return errors.Join(err, corpus.Errorf(corpus.ErrNotReady, "nothing has been indexed"))
		}, &refusal{Code: codes.FailedPrecondition, Reason: "NOT_READY"}},
		"none": {nil, &refusal{Code: codes.Unimplemented, Reason: "UNSUPPORTED"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newBackend()
			if test.backup != nil {
				h.backups = test.backup
			}
			r := serve(t, h, server.Options{})
			var got strings.Builder
			err := client.Backup(t.Context(), r, &got)
			if test.fails != nil {
				if diff := cmp.Diff(*test.fails, refusalOf(err)); diff != "" {
					t.Errorf("error %v (-want +got):\n%s", err, diff)
				}
			} else if err != nil || got.String() != want {
				t.Errorf("%d bytes, %v, want %d", got.Len(), err, len(want))
			}
		})
	}
}

func TestAClientThatTakesNothingOfABackupIsLetGo(t *testing.T) {
	h := newBackend()
	ended := make(chan struct{})
	h.backups = backups(func(_ context.Context, w io.Writer) (err error) {
		defer close(ended)
		for part := make([]byte, 1<<20); err == nil; {
			_, err = w.Write(part)
		}
		return err
	})
	r := serve(t, h, server.Options{StallTimeout: 50 * time.Millisecond})
	stream, err := r.admin.CreateBackup(t.Context(), &dalilv1.CreateBackupRequest{})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "the end of the backup", ended)
	for err == nil {
		_, err = stream.Recv()
	}
	if diff := cmp.Diff(refusal{Code: codes.Aborted, Reason: "STALLED"}, refusalOf(err)); diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}
