package gateway_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkSearchOverHTTP asks the same questions over gRPC and over HTTP in turn, and reports the median of each in
// milliseconds. Answers have ten whole passages and, as over gRPC, are not compressed. The difference is what the
// translation costs.
func BenchmarkSearchOverHTTP(b *testing.B) {
	s := serve(b, nil)
	questions := []string{"poverty reduction cooperation", "التعاون للحد من الفقر", "digital cooperation between cities"}
	overGRPC := func(question string) {
		answer := &dalilv1.SearchResponse{}
		if err := s.Invoke(b.Context(), dalilv1.SearchService_Search_FullMethodName, &dalilv1.SearchRequest{Query: question, PageSize: proto.Int32(10)}, answer); err != nil {
			b.Fatal(err)
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	overHTTP := func(question string) {
		response, err := client.Post(s.url+"/v1/search", "application/json", strings.NewReader(`{"query":"`+question+`","page_size":10}`))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, response.Body); err != nil || n < 1000 || response.StatusCode != 200 {
			b.Fatal(n, err, response.Status)
		}
		response.Body.Close()
	}
	for _, q := range questions {
		overGRPC(q)
		overHTTP(q)
	}
	var grpcTimes, httpTimes []time.Duration
	timed := func(all *[]time.Duration, call func(string), question string) {
		start := time.Now()
		call(question)
		*all = append(*all, time.Since(start))
	}
	for i := 0; b.Loop(); i++ {
		q := questions[i%len(questions)]
		timed(&grpcTimes, overGRPC, q)
		timed(&httpTimes, overHTTP, q)
	}
	median := func(all []time.Duration) float64 {
		slices.Sort(all)
		return float64(all[len(all)/2].Microseconds()) / 1000
	}
	b.ReportMetric(median(grpcTimes), "grpc-p50-ms")
	b.ReportMetric(median(httpTimes), "http-p50-ms")
	b.ReportMetric(median(httpTimes)-median(grpcTimes), "difference-ms")
}
