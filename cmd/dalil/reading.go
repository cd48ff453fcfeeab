package main

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	dalilv1 "dalil/proto/dalil/v1"
)

// readingFlags are the flags for how the text of a question is read.
type readingFlags struct {
	Plain  bool   `help:"Read quotation marks and minus signs in the question as plain text."`
	NoTime bool   `help:"Do not raise documents of the time that the question names (last week, in May 2024)."`
	At     string `placeholder:"TIME" help:"Count times in the question from this time, a date or a time of RFC 3339, instead of now."`
}

// read adds the flags to a request.
func (f *readingFlags) read(request *dalilv1.SearchRequest) error {
	if f.Plain {
		request.QuerySyntax = new(bool)
	}
	if f.NoTime {
		request.InterpretTime = new(bool)
	}
	if f.At == "" {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, f.At); err == nil {
			request.ReferenceTime = timestamppb.New(t)
			return nil
		}
	}
	return fmt.Errorf("--at: must be a date such as 2024-05-15 or a time such as 2024-05-15T12:00:00Z, is %q", f.At)
}
