package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dalil/server"
	"dalil/server/gateway"
)

// A request that runs when the server is told to stop is answered; a new one is not accepted.
func TestDrain(t *testing.T) {
	h := &slow{waitFor: make(chan struct{}), many: make(chan struct{}, 1)}
	open, err := server.Listen(server.Guard{}, server.At{Setting: "listen", Address: "127.0.0.1:0"}, server.At{Setting: "http", Address: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- gateway.Serve(ctx, server.New(server.Deps{Searcher: h, Admin: h}, server.Options{}), open[0], open[1], gateway.Options{})
	}()
	address := server.Address(open[1])
	status := make(chan int, 1)
	go func() {
		response, err := http.Get("http://" + address + "/v1/search?q=a")
		if err != nil {
			status <- 0
			return
		}
		response.Body.Close()
		status <- response.StatusCode
	}()
	<-h.many
	cancel()
	for { // until the listener is closed
		response, err := http.DefaultClient.Get("http://" + address + "/openapi.json")
		if err != nil {
			break
		}
		response.Body.Close()
		http.DefaultClient.CloseIdleConnections()
	}
	close(h.waitFor)
	if code := <-status; code != 200 {
		t.Errorf("the running request: status %d", code)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
}

// A listing reads every document that exists the whole time, while others come and go.
func TestPagesWhileDocumentsChange(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			s := serveOn(t, store, nil)
			put := func(id string) {
				if got := s.do(t, "PUT", "/v1/documents/"+id, `{"text":"Rivers cross the old city."}`); got.status != 200 {
					t.Fatalf("%d %s", got.status, got.body)
				}
			}
			for i := range 12 {
				put(fmt.Sprintf("kept/%02d", i))
			}
			seen, token := map[string]int{}, ""
			for page := 0; ; page++ {
				put(fmt.Sprintf("kept/%02d-new", page%12))
				s.do(t, "DELETE", fmt.Sprintf("/v1/documents/kept/%02d-new", (page+6)%12), "")
				var list struct {
					Documents []struct {
						ID string `json:"document_id"`
					}
					Next string `json:"next_page_token"`
				}
				s.do(t, "GET", "/v1/documents?page_size=3&page_token="+url.QueryEscape(token), "").decode(t, &list)
				for _, d := range list.Documents {
					seen[d.ID]++
				}
				if token = list.Next; token == "" || page > 50 {
					break
				}
			}
			for i := range 12 {
				if id := fmt.Sprintf("kept/%02d", i); seen[id] != 1 {
					t.Errorf("%s is listed %d times", id, seen[id])
				}
			}
		})
	}
}

// An operation is begun, waited for and read over HTTP.
func TestOperations(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			s := serveOn(t, store, nil)
			for _, id := range []string{"a", "b"} {
				s.do(t, "PUT", "/v1/documents/"+id, `{"text":"Rivers cross the old city.","metadata":{"kind":"x"}}`)
			}
			var begun struct {
				Operation struct {
					ID    string `json:"operation_id"`
					State string
				}
			}
			const filter = `{"filter":{"metadata":{"key":"kind","values":["x"]}}}`
			s.do(t, "POST", "/v1/documents:delete", filter).decode(t, &begun)
			if begun.Operation.ID == "" {
				t.Fatalf("%+v", begun)
			}
			waited := s.do(t, "POST", "/v1/operations/"+begun.Operation.ID+":wait", `{"timeout":"20s"}`)
			if !strings.Contains(waited.body, `"state":"SUCCEEDED"`) {
				t.Errorf("%d %s", waited.status, waited.body)
			}
			if got := s.do(t, "GET", "/v1/operations/"+begun.Operation.ID, ""); got.status != 200 || !json.Valid([]byte(got.body)) {
				t.Errorf("%d %s", got.status, got.body)
			}
			for _, id := range []string{"a", "b"} {
				if got := s.do(t, "GET", "/v1/documents/"+id, ""); got.status != 404 {
					t.Errorf("%s: %d", id, got.status)
				}
			}
		})
	}
}

// The number of a request is in its answer and in the log of its call.
func TestNumbersOfRequests(t *testing.T) {
	s := serve(t, nil)
	if got := s.do(t, "GET", "/v1/search?q=a", "", "X-Request-Id", "client-7"); got.header.Get("X-Request-Id") != "client-7" {
		t.Error(got.header)
	}
	for _, bad := range []string{"", "a b", strings.Repeat("a", 200), "a\tb"} {
		if id := s.do(t, "GET", "/v1/info", "", "X-Request-Id", bad).header.Get("X-Request-Id"); id == bad || len(id) != 16 {
			t.Errorf("%q is answered with %q", bad, id)
		}
	}
	if err := s.stop(); err != nil { // a line is written after the answer
		t.Fatal(err)
	}
	if text := s.log.String(); strings.Count(text, "request_id=client-7") != 2 {
		t.Errorf("the log names the request %d times, want twice: the request and its call", strings.Count(text, "request_id=client-7"))
	}
}
