package rates_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"dalil/access/rates"
	"dalil/corpus"
)

func principal(name string, r corpus.Rates) corpus.Principal {
	return corpus.Principal{Name: name, Rates: r}
}

func limited(t *testing.T, err error, limit string) *corpus.RateError {
	t.Helper()
	var refused *corpus.RateError
	if !errors.As(err, &refused) || refused.Limit != limit || refused.After <= 0 || !errors.Is(err, corpus.ErrRateLimited) {
		t.Fatalf("got %v, want a refusal for %s that says when to try again", err, limit)
	}
	return refused
}

func TestCallsOfOneCallerAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := rates.New(rates.Options{Defaults: corpus.Rates{Requests: 5}})
		flood, other := principal("flood", corpus.Rates{}), principal("other", corpus.Rates{Requests: 1000})
		allowed := 0
		for range 1000 {
			if table.Call(flood) == nil {
				allowed++
			}
			if err := table.Call(other); err != nil {
				t.Fatalf("another caller: %v", err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if allowed < 50 || allowed > 55 { // 5 a second for 10 seconds, and 5 at once
			t.Errorf("%d calls were allowed in 10 seconds, want 50 to 55", allowed)
		}
		refused := limited(t, table.Call(flood), corpus.LimitRequests)
		time.Sleep(refused.After)
		if err := table.Call(flood); err != nil {
			t.Errorf("after the time that the refusal names: %v", err)
		}
	})
}

func TestABatchIsPaidByLaterCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := rates.New(rates.Options{})
		p := principal("p", corpus.Rates{Requests: 10})
		if err := table.Call(p); err != nil {
			t.Fatal(err)
		}
		table.Charge(p, 63)
		refused := limited(t, table.Call(p), corpus.LimitRequests)
		if refused.After != 5500*time.Millisecond { // 10 - 64 + 5.5·10 = 1
			t.Errorf("the next call must wait %v, want 5.5s", refused.After)
		}
	})
}

func TestTokensSlowStreamsAndRefuseQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waited time.Duration
		table := rates.New(rates.Options{Defaults: corpus.Rates{Tokens: 100}, Waited: func(d time.Duration) { waited += d }})
		p := principal("p", corpus.Rates{})
		ctx := corpus.WithPrincipal(t.Context(), p)
		start := time.Now()
		for range 50 { // of 100 tokens each
			settled, err := table.Wait(ctx, p, 70)
			if err != nil {
				t.Fatal(err)
			}
			table.Spend(ctx, 100)
			settled()
		}
		if took := time.Since(start); took < 48*time.Second || took > 50*time.Second || waited != took {
			t.Errorf("5,000 tokens took %v and %v of waiting were reported, want 48 to 50 s", took, waited)
		}
		refused := limited(t, table.Embed(p), corpus.LimitTokens)
		time.Sleep(refused.After)
		if err := table.Embed(p); err != nil {
			t.Errorf("after the time that the refusal names: %v", err)
		}
		table.Spend(ctx, 1000)
		cancelled, stop := context.WithCancel(ctx)
		stop()
		if _, err := table.Wait(cancelled, p, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v for a cancelled stream", err)
		}
		table.Spend(t.Context(), 1000) // work without a caller
		if err := table.Embed(principal("", corpus.Rates{})); err != nil {
			t.Error(err)
		}
	})
}

func TestDocumentsOnTheirWayCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := rates.New(rates.Options{Defaults: corpus.Rates{Tokens: 100}})
		p := principal("p", corpus.Rates{})
		var settle []func()
		short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		for {
			settled, err := table.Wait(short, p, 60)
			if err != nil {
				break
			}
			settle = append(settle, settled)
		}
		if len(settle) != 2 {
			t.Errorf("%d documents of 60 tokens were let in before the first was embedded, want 2", len(settle))
		}
		for _, s := range settle { // they were unchanged, and cost nothing
			s()
		}
		start := time.Now()
		if _, err := table.Wait(t.Context(), p, 60); err != nil || time.Since(start) > 0 {
			t.Errorf("got %v after %v, want no wait", err, time.Since(start))
		}
	})
}

func TestStreamsAtOnce(t *testing.T) {
	table := rates.New(rates.Options{})
	p := principal("p", corpus.Rates{Streams: 2})
	first, err := table.Stream(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Stream(p); err != nil {
		t.Fatal(err)
	}
	_, err = table.Stream(p)
	limited(t, err, corpus.LimitStreams)
	first()
	first() // once more changes nothing
	if _, err := table.Stream(p); err != nil {
		t.Errorf("after a stream was closed: %v", err)
	}
	_, err = table.Stream(p)
	limited(t, err, corpus.LimitStreams)
}

func TestANewLimitAppliesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := rates.New(rates.Options{})
		if err := table.Call(principal("p", corpus.Rates{Requests: 1})); err != nil {
			t.Fatal(err)
		}
		p := principal("p", corpus.Rates{Requests: 1000})
		time.Sleep(time.Second)
		if err := table.Call(p); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		for range 500 {
			if err := table.Call(p); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	table := rates.New(rates.Options{Defaults: corpus.Rates{Requests: 1, Streams: 1}, Most: 100})
	held := principal("held", corpus.Rates{})
	if _, err := table.Stream(held); err != nil {
		t.Fatal(err)
	}
	failures := rates.NewFailures()
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range 20_000 {
		if err := table.Call(principal(fmt.Sprint(i), corpus.Rates{})); err != nil {
			t.Fatal(err)
		}
		failures.Slow(done, fmt.Sprint(i))
	}
	if table.Len() > 100 || failures.Len() > 10_000 {
		t.Errorf("%d callers and %d addresses are kept, want at most 100 and 10,000", table.Len(), failures.Len())
	}
	_, err := table.Stream(held)
	limited(t, err, corpus.LimitStreams)
}

func TestFailuresOfOneAddressAreSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := rates.NewFailures()
		took := func(network string) time.Duration {
			start := time.Now()
			failures.Slow(t.Context(), network)
			return time.Since(start)
		}
		for i := range 20 {
			if d := took("192.0.2.1"); d != 0 {
				t.Errorf("failure %d took %v", i, d)
			}
		}
		for range 50 {
			if d := took("192.0.2.1"); d <= 0 || d > time.Second {
				t.Errorf("a failure beyond the limit took %v, want at most a second", d)
			}
		}
		if d := took("192.0.2.2"); d != 0 {
			t.Errorf("a failure of another address took %v", d)
		}
		time.Sleep(3 * time.Second)
		if d := took("192.0.2.1"); d != 0 {
			t.Errorf("a failure after a while took %v", d)
		}
	})
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7:4711": "192.0.2.7", "192.0.2.7": "192.0.2.7", "[::ffff:192.0.2.7]:1": "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:99": "2001:db8:1:2::/64", "2001:db8:1:2::9": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:5": "fe80::/64", "@": "@", "bufconn": "bufconn", "": "",
	} {
		if got := rates.Network(address); got != want {
			t.Errorf("Network(%q) = %q, want %q", address, got, want)
		}
	}
}
