package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	dalilv1 "dalil/proto/dalil/v1"
)

const inFlight = "dalil_grpc_requests_in_flight"

// quiet waits until no call runs in the server. A client that cancels a call does not
// wait for the server, which still completes the writes that have begun. The call of
// such a write ends only after the write.
func (p *process) quiet(ctx context.Context) error {
	// The server reads what a connection sends in order. When it answers this call, it
	// knows which calls were cancelled before, and begins no more writes for them.
	if _, err := dalilv1.NewAdminServiceClient(p.client).GetInfo(ctx, &dalilv1.GetInfoRequest{}); err != nil {
		return err
	}
	for {
		running, err := p.running(ctx)
		if err != nil || len(running) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("calls do not end: %s", strings.Join(running, ", "))
		case <-p.ended:
			return errors.New("the server ended")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// running returns the series of the methods that have running calls.
func (p *process) running(ctx context.Context) (series []string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.admin+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	known := false
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, inFlight+"{") {
			continue
		}
		known = true
		if !strings.HasSuffix(line, " 0") {
			series = append(series, line)
		}
	}
	if !known {
		return nil, fmt.Errorf("the server has no metric %s", inFlight)
	}
	return series, nil
}
