package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
)

// counting counts how often it is open and closed.
type counting struct {
	grpc.ClientConnInterface
	opened, closed, calls atomic.Int32
}

func (c *counting) open(context.Context) (grpc.ClientConnInterface, func(), error) {
	c.opened.Add(1)
	return c, func() { c.closed.Add(1) }, nil
}

func (c *counting) Invoke(context.Context, string, any, any, ...grpc.CallOption) error {
	if c.opened.Load() == c.closed.Load() {
		return errors.New("the connection is closed")
	}
	time.Sleep(10 * time.Millisecond)
	c.calls.Add(1)
	return nil
}

func TestTheStoreIsClosedWhenNobodyCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counting{}
		l := &lending{open: c.open, idle: time.Second}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				for range 10 {
					if err := l.Invoke(t.Context(), "m", nil, nil); err != nil {
						t.Error(err)
					}
					time.Sleep(300 * time.Millisecond)
				}
			})
		}
		all.Wait()
		if c.opened.Load() != 1 || c.closed.Load() != 0 || c.calls.Load() != 200 {
			t.Errorf("opened %d, closed %d, calls %d", c.opened.Load(), c.closed.Load(), c.calls.Load())
		}
		time.Sleep(2 * time.Second)
		if c.closed.Load() != 1 {
			t.Errorf("closed %d times after two idle seconds", c.closed.Load())
		}
		if err := l.Invoke(t.Context(), "m", nil, nil); err != nil || c.opened.Load() != 2 {
			t.Errorf("after the idle time: %v, opened %d", err, c.opened.Load())
		}
		l.Close()
		if c.closed.Load() != 2 {
			t.Errorf("closed %d times at the end", c.closed.Load())
		}
		if err := l.Invoke(t.Context(), "m", nil, nil); err == nil {
			t.Error("a call after the end succeeded")
		}
	})
}

func TestCloseWaitsForTheLastCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counting{}
		l := &lending{open: c.open, idle: time.Second}
		done := make(chan error)
		go func() { done <- l.Invoke(t.Context(), "m", nil, nil) }()
		synctest.Wait()
		l.Close()
		if c.closed.Load() != 0 {
			t.Error("closed under a call")
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if c.closed.Load() != 1 {
			t.Errorf("closed %d times", c.closed.Load())
		}
	})
}
