package qdrant_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// A write that committed, and has to be written again because a healer took it for
// abandoned, is not called unwritten where that fails.
func TestACommitThatIsWrittenAgainIsNotCalledUnwritten(t *testing.T) {
	var server steps
	address := standin.Start(t, standin.Options{Before: server.Before}).Address()
	options := at(address)
	options.Timeout = time.Minute
	slow := opened(t, options)
	stopped, resume := make(chan struct{}), make(chan struct{})
	healed := make(chan struct{})
	var first, claimed, resumed atomic.Bool
	server.set(func(_ string, request any) error {
		if r, is := request.(*sdk.DeletePoints); is && r.GetPoints().GetFilter().GetMust()[0].GetHasId() != nil && claimed.CompareAndSwap(false, true) {
			close(healed)
		}
		if kindOf(request) == "document" && first.CompareAndSwap(false, true) {
			close(stopped)
			<-resume
		}
		if kindOf(request) == "journal" && resumed.Load() {
			return status.Error(codes.InvalidArgument, "no more")
		}
		return nil
	})
	done := make(chan error, 1)
	go func() { done <- slow.Put(t.Context(), []store.Entry{document("slow", "2", chunksOf("2"))}) }()
	<-stopped
	other := openedAt(t, at(address), 0, func(o *qdrant.Options) {
		o.Abandoned, o.RefreshVocabulary = time.Nanosecond, 5*time.Millisecond
	})
	if err := other.Put(t.Context(), []store.Entry{document("other", "1", chunksOf("1"))}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-healed:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody healed")
	}
	resumed.Store(true)
	close(resume)
	var unknown *corpus.UnknownError
	if err := <-done; !errors.As(err, &unknown) {
		t.Errorf("got %v, want that it is not known whether it was written", err)
	}
}
