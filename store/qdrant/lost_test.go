package qdrant_test

import (
	"errors"
	"strings"
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

// ahead is a clock that is wrong by so much.
func ahead(by time.Duration) func() time.Time {
	return func() time.Time { return time.Now().Add(by) }
}

// openedAt is another process's store, with a clock of its own.
func openedAt(t *testing.T, options qdrant.Options, by time.Duration, change func(*qdrant.Options)) *qdrant.Store {
	t.Helper()
	options.Now = ahead(by)
	if change != nil {
		change(&options)
	}
	s, err := qdrant.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// kindOf is the kind of the first point of an upsert; "" for another call.
func kindOf(request any) string {
	if r, is := request.(*sdk.UpsertPoints); is {
		return r.GetPoints()[0].GetPayload()["kind"].GetStringValue()
	}
	return ""
}

// held reads which revision is held and that all of it is there.
func held(t *testing.T, s *qdrant.Store, id string, want string) {
	t.Helper()
	info, err := s.Document(t.Context(), id)
	if err != nil {
		t.Fatalf("document %s: %v", id, err)
	}
	if info.Revision != want {
		t.Errorf("document %s: revision %q is held, want %q", id, info.Revision, want)
	}
	prints, err := s.Fingerprints(t.Context(), []string{id})
	if err != nil || prints[id] != info.Fingerprint {
		t.Errorf("document %s: passages are gone: %v, %v", id, prints, err)
	}
	if got := whole(t, s, id); got != want {
		t.Errorf("document %s: questions find revision %q, want %q", id, got, want)
	}
}

// The age of a write under way is not judged by the clock of another writer, and
// one that was taken for abandoned is written again before it is acknowledged.
func TestHealingNeverTearsALiveWrite(t *testing.T) {
	for _, when := range []string{"passage", "document"} { // the call that is held up
		t.Run(when, func(t *testing.T) {
			var server steps
			address := standin.Start(t, standin.Options{Before: server.Before}).Address()
			options := at(address)
			options.Timeout = time.Minute
			slow := opened(t, options)
			stopped, resume := make(chan struct{}), make(chan struct{})
			healed := make(chan struct{})
			var first, claimed atomic.Bool
			server.set(func(_ string, request any) error {
				if r, is := request.(*sdk.DeletePoints); is && r.GetPoints().GetFilter().GetMust()[0].GetHasId() != nil && claimed.CompareAndSwap(false, true) {
					close(healed)
				}
				if kindOf(request) == when && first.CompareAndSwap(false, true) {
					close(stopped)
					<-resume
				}
				return nil
			})
			done := make(chan error, 1)
			go func() { done <- slow.Put(t.Context(), []store.Entry{document("slow", "2", chunksOf("2"))}) }()
			<-stopped
			// Another writer, 20 minutes ahead, that takes for abandoned what it sees.
			other := openedAt(t, at(address), 20*time.Minute, func(o *qdrant.Options) {
				o.Abandoned, o.RefreshVocabulary, o.ClockSkew = time.Nanosecond, 5*time.Millisecond, time.Hour
			})
			if err := other.Put(t.Context(), []store.Entry{document("other", "1", chunksOf("1"))}); err != nil {
				t.Fatal(err)
			}
			select {
			case <-healed:
			case <-time.After(10 * time.Second):
				t.Fatal("nobody healed")
			}
			close(resume)
			if err := <-done; err != nil {
				t.Fatalf("the write that was held up: %v", err)
			}
			held(t, opened2(t, address), "slow", "2")
		})
	}
}

// The journal's point of a write may be removed, by its writer or another healer, just
// before it is marked.
func TestAPointThatIsGoneBeforeItIsMarked(t *testing.T) {
	var server steps
	address := standin.Start(t, standin.Options{Before: server.Before}).Address()
	client := raw(t, address)
	slow := opened(t, at(address))
	stopped, resume, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var first, marked atomic.Bool
	server.set(func(_ string, request any) error {
		if r, is := request.(*sdk.SetPayloadPoints); is && r.GetPayload()["kind"].GetStringValue() == "claimed" && marked.CompareAndSwap(false, true) {
			_, err := client.Delete(t.Context(), &sdk.DeletePoints{
				CollectionName: r.GetCollectionName(), Wait: sdk.PtrOf(true),
				Points: sdk.NewPointsSelectorFilter(&sdk.Filter{Must: []*sdk.Condition{sdk.NewMatchKeyword("kind", "journal")}}),
			})
			return err
		}
		if kindOf(request) == "passage" && first.CompareAndSwap(false, true) {
			close(stopped)
			<-resume
		}
		return nil
	})
	go func() {
		defer close(done)
		if err := slow.Put(t.Context(), []store.Entry{document("slow", "2", chunksOf("2"))}); err != nil {
			t.Errorf("the write that was held up: %v", err)
		}
	}()
	<-stopped
	other := openedAt(t, at(address), 0, func(o *qdrant.Options) { o.Abandoned = time.Nanosecond })
	if err := other.Put(t.Context(), []store.Entry{document("other", "1", chunksOf("1"))}); err != nil {
		t.Error(err)
	}
	close(resume)
	if <-done; !marked.Load() {
		t.Error("no point was marked")
	}
	held(t, opened2(t, address), "slow", "2")
}

// A clock that is far ahead alone makes nothing abandoned.
func TestAgeIsWatchedAndNotReadFromTheSequence(t *testing.T) {
	var server steps
	var claims atomic.Int64
	address := standin.Start(t, standin.Options{Before: server.Before}).Address()
	slow := opened(t, at(address))
	stopped, resume := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	server.set(func(method string, request any) error {
		if r, is := request.(*sdk.SetPayloadPoints); is && r.GetPayload()["kind"].GetStringValue() == "claimed" {
			claims.Add(1)
		}
		if kindOf(request) == "passage" && first.CompareAndSwap(false, true) {
			close(stopped)
			<-resume
		}
		return nil
	})
	done := make(chan error, 1)
	go func() { done <- slow.Put(t.Context(), []store.Entry{document("slow", "2", 2)}) }()
	<-stopped
	other := openedAt(t, at(address), 20*time.Minute, func(o *qdrant.Options) { o.ClockSkew = time.Hour })
	if err := other.Put(t.Context(), []store.Entry{document("other", "1", 1)}); err != nil {
		t.Error(err)
	}
	close(resume)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := claims.Load(); n > 0 {
		t.Errorf("%d writes were taken for abandoned by a clock that is ahead", n)
	}
}

// What follows a write is newer, whatever the clocks of the two writers say.
func TestALaterWriteWinsOverAClockThatIsAhead(t *testing.T) {
	everywhere(t, aLaterWriteWinsOverAClockThatIsAhead)
}

func aLaterWriteWinsOverAClockThatIsAhead(t *testing.T, p place) {
	opened(t, p.at())
	fast := openedAt(t, p.at(), 2*time.Minute, nil)
	slow := openedAt(t, p.at(), -2*time.Minute, nil)
	for i, revision := range []string{"1", "2", "3", "4"} {
		writer := []*qdrant.Store{fast, slow}[i%2]
		if err := writer.Put(t.Context(), []store.Entry{document("d", revision, chunksOf(revision))}); err != nil {
			t.Fatal(err)
		}
		held(t, fast, "d", revision)
	}
	if err := slow.Delete(t.Context(), []string{"d"}); err != nil {
		t.Fatal(err)
	}
	if _, err := fast.Document(t.Context(), "d"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("after a delete by a clock that is behind: %v", err)
	}
	if err := slow.Put(t.Context(), []store.Entry{document("d", "5", chunksOf("5"))}); err != nil {
		t.Fatal(err)
	}
	held(t, fast, "d", "5")
}

// A write that was held up for long, while another one was acknowledged, is not
// acknowledged itself and does not replace that.
func TestASuspendedWriteIsAConflict(t *testing.T) {
	var server steps
	address := standin.Start(t, standin.Options{Before: server.Before}).Address()
	options := at(address)
	var offset atomic.Int64
	options.Timeout, options.Now = time.Minute, func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	slow := opened(t, options)
	stopped, resume := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	server.set(func(_ string, request any) error {
		if kindOf(request) == "document" && first.CompareAndSwap(false, true) {
			close(stopped)
			<-resume
		}
		return nil
	})
	done := make(chan error, 1)
	go func() { done <- slow.Put(t.Context(), []store.Entry{document("d", "2", chunksOf("2"))}) }()
	<-stopped
	if err := opened2(t, address).Put(t.Context(), []store.Entry{document("d", "3", chunksOf("3"))}); err != nil {
		t.Fatal(err)
	}
	offset.Store(int64(time.Minute))
	close(resume)
	if err := <-done; corpus.KindOf(err) != corpus.ErrConflict || !strings.Contains(err.Error(), `"d"`) {
		t.Errorf("the suspended write: %v, want a conflict that names the document", err)
	}
	held(t, slow, "d", "3")
}

// A writer whose clock is far behind the newest write is refused, with both times.
func TestClocksThatDifferMuchAreRefused(t *testing.T) { everywhere(t, clocksThatDifferMuchAreRefused) }

func clocksThatDifferMuchAreRefused(t *testing.T, p place) {
	right := opened(t, p.at())
	for side, by := range map[string]time.Duration{"behind": -time.Hour, "ahead": time.Hour} {
		wrong := openedAt(t, p.at(), by, nil)
		err := wrong.Put(t.Context(), []store.Entry{document("d", "1", 1)})
		if corpus.KindOf(err) != corpus.ErrRefusedState || !strings.Contains(err.Error(), side+" of the clock of Qdrant") || !strings.Contains(err.Error(), "NTP") {
			t.Errorf("%s: got %v, want a refusal that says which clocks to set", side, err)
		}
		if err := wrong.Delete(t.Context(), []string{"a"}); corpus.KindOf(err) != corpus.ErrRefusedState {
			t.Errorf("%s: delete: got %v, want a refusal", side, err)
		}
		if _, err := wrong.Document(t.Context(), "a"); err != nil {
			t.Errorf("%s: what was to be deleted: %v", side, err)
		}
	}
	if err := right.Put(t.Context(), []store.Entry{document("d", "1", 1)}); err != nil {
		t.Errorf("a clock that is right: %v", err)
	}
}

// A clock that was set wrong while the server's is right is refused by the newest
// write too, where the server does not tell its time or is wrong as well.
func TestWritesInTheFutureAreRefusedWithoutTheServersClock(t *testing.T) {
	address := standin.Start(t, standin.Options{Now: func() time.Time { return time.Time{} }}).Address()
	opened(t, at(address)) // writes a
	behind := openedAt(t, at(address), -time.Hour, nil)
	err := behind.Put(t.Context(), []store.Entry{document("d", "1", 1)})
	if corpus.KindOf(err) != corpus.ErrRefusedState || !strings.Contains(err.Error(), "the newest write in collection") {
		t.Errorf("got %v, want a refusal that names the newest write", err)
	}
}

// What was committed is not reported as failed, and what is not known is said to
// be so.
func TestReceiptsSayWhatIsKnown(t *testing.T) {
	t.Run("committed, and the answer was lost", func(t *testing.T) {
		var server steps
		address := standin.Start(t, standin.Options{Before: server.Before}).Address()
		s := opened(t, at(address))
		committed := false
		server.set(func(method string, request any) error {
			if kindOf(request) == "document" {
				committed = true
				return nil
			}
			if committed && method == "Delete" {
				return status.Error(codes.InvalidArgument, "not now")
			}
			return nil
		})
		if err := s.Put(t.Context(), []store.Entry{document("d", "1", chunksOf("1"))}); err != nil {
			t.Errorf("a document that is held whole failed: %v", err)
		}
		server.set(nil)
		held(t, s, "d", "1")
	})
	t.Run("one batch of two", func(t *testing.T) {
		var server steps
		address := standin.Start(t, standin.Options{Before: server.Before}).Address()
		s := opened(t, at(address))
		batches := 0
		server.set(func(_ string, request any) error {
			if kindOf(request) == "journal" {
				if batches++; batches > 2 {
					return status.Error(codes.InvalidArgument, "full")
				}
			}
			return nil
		})
		err := s.Put(t.Context(), []store.Entry{document("first", "1", 1500), document("second", "1", 1500)})
		var some *store.PutError
		if !errors.As(err, &some) || len(some.Failed) != 1 || some.Failed["second"] == nil {
			t.Errorf("got %v, want the second document alone to have failed", err)
		}
	})
	t.Run("not known", func(t *testing.T) {
		var server steps
		address := standin.Start(t, standin.Options{Before: server.Before}).Address()
		s := opened(t, at(address))
		gone := false
		server.set(func(_ string, request any) error {
			gone = gone || kindOf(request) == "document"
			if gone {
				return status.Error(codes.InvalidArgument, "no answer")
			}
			return nil
		})
		var unknown *corpus.UnknownError
		if err := s.Put(t.Context(), []store.Entry{document("d", "1", 1)}); !errors.As(err, &unknown) || !strings.Contains(err.Error(), "not known whether") {
			t.Errorf("got %v, want that it is not known", err)
		}
	})
}

// A carried document keeps its time and replaces nothing newer.
func TestCarriedDocumentsNeverReplaceNewerOnes(t *testing.T) {
	everywhere(t, carriedDocumentsNeverReplaceNewerOnes)
}

func carriedDocumentsNeverReplaceNewerOnes(t *testing.T, p place) {
	s := opened(t, p.at())
	old := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	if err := s.Put(t.Context(), []store.Entry{document("new", "2", chunksOf("2"))}); err != nil {
		t.Fatal(err)
	}
	listed, err := s.Document(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Carry(t.Context(), []store.Carried{
		{Entry: document("new", "1", chunksOf("1")), At: old},
		{Entry: document("absent", "1", chunksOf("1")), At: old},
		{Entry: document("a", "3", chunksOf("3")), At: old, Over: listed.UpdatedAt},
	}); err != nil {
		t.Fatal(err)
	}
	held(t, s, "new", "2")
	held(t, s, "absent", "1")
	held(t, s, "a", "3")
	info, err := s.Document(t.Context(), "absent")
	if err != nil || old.Sub(info.UpdatedAt) > time.Millisecond || info.UpdatedAt.After(old) {
		t.Errorf("the carried document is of %v, %v, want %v", info.UpdatedAt, err, old)
	}
	if err := s.DeleteCarried(t.Context(), []store.Dropped{{ID: "new", At: old}, {ID: "absent", At: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	held(t, s, "new", "2")
	if _, err := s.Document(t.Context(), "absent"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a document that the source dropped later: %v", err)
	}
}
