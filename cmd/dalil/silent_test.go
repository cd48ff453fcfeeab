package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"

	dalilv1 "dalil/proto/dalil/v1"
)

// The time without a part is limited, and not the time of the whole.
func TestOnlySilenceIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bytes.Buffer
		err := whileHeard(t.Context(), time.Minute, &got, func(ctx context.Context, w io.Writer) error {
			for range 10 {
				time.Sleep(50 * time.Second)
				if _, err := io.WriteString(w, "part"); err != nil || ctx.Err() != nil {
					return errors.Join(err, ctx.Err())
				}
			}
			return nil
		})
		if err != nil || got.Len() != 40 {
			t.Errorf("ten parts in eight minutes: %d bytes, %v", got.Len(), err)
		}
		start := time.Now()
		err = whileHeard(t.Context(), time.Minute, io.Discard, func(ctx context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "part")
			<-ctx.Done()
			return errors.Join(err, ctx.Err())
		})
		if took := time.Since(start); !errors.Is(err, errSilent) || took != time.Minute {
			t.Errorf("silence: %v after %v", err, took)
		}
		broken := errors.New("broken")
		if err := whileHeard(t.Context(), time.Minute, io.Discard, func(context.Context, io.Writer) error { return broken }); !errors.Is(err, broken) {
			t.Errorf("a failure: %v", err)
		}
	})
}

// silenced sends the first part of a backup and nothing more.
type silenced struct {
	dalilv1.UnimplementedAdminServiceServer
}

func (silenced) CreateBackup(_ *dalilv1.CreateBackupRequest, to grpc.ServerStreamingServer[dalilv1.CreateBackupResponse]) error {
	err := to.Send(&dalilv1.CreateBackupResponse{Data: []byte("part")})
	<-to.Context().Done()
	return err
}

func TestABackupEndsWhenTheServerStopsAnswering(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	dalilv1.RegisterAdminServiceServer(server, silenced{})
	go server.Serve(listener)
	defer server.Stop()
	archive := filepath.Join(t.TempDir(), "index.tar")
	address := listener.Addr().String()
	code, _, errs := dalil(t, "", "", nil, "backup", "create", "--server", address, "--timeout", "200ms", archive)
	if code != 1 || !strings.Contains(errs, "the server at "+address+" does not answer: nothing arrived for 200ms (--timeout)") {
		t.Errorf("%d %s", code, errs)
	}
	if _, err := os.Stat(archive); err == nil {
		t.Error("half a backup was kept")
	}
}
