package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/client"
)

// readable rewords an error of the wire for a person. It lists every invalid field under
// the name that named returns for it. If there is none, it returns the message.
func readable(err error, server string, named func(field string) string) error {
	message, violations := client.Explain(err)
	if len(violations) == 0 {
		if server != "" {
			if trouble := unusable(err, server); trouble != nil {
				return trouble
			}
		}
		if cause, ok := unreachable(err); ok && server != "" {
			return fmt.Errorf("the server at %s does not answer: %s", server, cause)
		}
		return errors.New(message)
	}
	lines := make([]string, len(violations))
	for i, v := range violations {
		name := named(v.Field)
		if v.Field == "header."+client.TenantHeader {
			name = "--tenant"
		}
		lines[i] = name + ": " + v.Description
	}
	return errors.New(strings.Join(lines, "\n"))
}

// transport matches the text that gRPC puts around the error of a connection.
var transport = regexp.MustCompile(`(?s)^.*(?:desc = |error reading from server: |Error while dialing: )"?(.*?)"?$`)

// noAnswer is the cause if the server accepts calls and does not answer them.
const noAnswer = "no answer in time"

// unreachable reports whether err means that the server could not be reached, and
// returns the cause.
func unreachable(err error) (string, bool) {
	s, ok := status.FromError(err)
	if !ok || len(s.Details()) > 0 {
		return "", false
	}
	cause := s.Message()
	switch {
	case s.Code() == codes.Unavailable:
	case s.Code() == codes.DeadlineExceeded && strings.Contains(cause, "connection error"):
	case s.Code() == codes.DeadlineExceeded:
		return noAnswer, true
	default:
		return "", false
	}
	for {
		inner := transport.FindStringSubmatch(cause)
		if inner == nil || inner[1] == cause {
			return cause, true
		}
		cause = inner[1]
	}
}

// searchFlags are the flags of the search command by the request's fields.
var searchFlags = map[string]string{
	"query": "the question", "page_size": "--limit", "min_dense_similarity": "--min-dense", "min_lexical_coverage": "--min-coverage",
	"neighbours": "--neighbours", "arms": "--arms", "fusion": "--fusion", "rerank": "--rerank",
	"diversity": "--diversity", "recency": "--recency", "group_by": "--group", "order_by": "--order", "facets": "--facet",
	"min_index_token": "--min-index-token",
}

// flagOf names the flag that set a field of the request.
func (c *searchCommand) flagOf(field string) string {
	root, _, _ := strings.Cut(field, ".")
	root, _, _ = strings.Cut(root, "[")
	if root == "filter" {
		return c.filterFlag(field)
	}
	if field == "recency.weight" {
		return "--recency-weight"
	}
	if root == "history" {
		return "--history: " + field
	}
	if flag, known := searchFlags[root]; known {
		return flag
	}
	return field
}

// asWritten keeps the names of fields on the wire.
func asWritten(field string) string { return field }
